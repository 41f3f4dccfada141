using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>What is compared of a feature is the same in training rows, by SQL, as in prepared rows, by the decoder.</summary>
public sealed class ParityPartTests
{
    private static readonly FeatureEntry Entry = new()
    {
        Name = "f",
        Kind = FeatureKind.Categorical,
        Input = "f",
        Source = "f",
        VocabularySize = 10,
        PaddingId = 0,
        OovId = 1,
        Missing = MissingRule.Oov,
    };

    private static FeatureEntry History(string order) =>
        Entry with
        {
            Kind = FeatureKind.Sequence,
            Length = 3,
            Order = order,
        };

    private static void Agree(FeatureEntry entry, string values, int elements, double?[][] expected)
    {
        using var folder = new TempFolder();
        using var duck = Duck.Open(folder.Path);
        var query = $"SELECT unnest([{values}]) AS f";
        var table = new DataTable(duck, new DataSource { Format = DataFormat.Sql, Query = query });
        var feature = new BoundFeature(
            entry,
            new BoundInput("f", entry.HasIds ? DataType.Int64 : DataType.Float, elements, [elements]),
            [.. Enumerable.Range(0, elements)]
        );
        var parts = ParityPart.For(feature);
        var decoder = new FeatureDecoder(table, feature, 1);
        var selected = parts.Select((p, i) => $"CAST({p.Value("c")} AS DOUBLE)");
        var rows = new List<(double?[] Sql, double?[] Decoded)>();
        duck.Read(
            $"SELECT __row, {table.Feature(entry)}, {string.Join(", ", selected)} FROM (SELECT *, {ParityPart.Column(table, feature)} AS c FROM {table.Relation}) ORDER BY __row",
            reader =>
            {
                var decoded = new double[elements];
                decoder.Read(reader, reader.GetInt64(0), decoded);
                rows.Add(
                    (
                        [.. parts.Select((_, i) => reader.IsDBNull(2 + i) ? (double?)null : reader.GetDouble(2 + i))],
                        [.. parts.Select(p => p.Of(decoded) is var v && double.IsNaN(v) ? (double?)null : v)]
                    )
                );
            }
        );
        rows.Select(r => r.Sql).ShouldBe(expected);
        rows.Select(r => r.Decoded).ShouldBe(expected);
    }

    [Fact]
    public void An_id_that_is_unknown_padding_or_outside_the_vocabulary_is_missing() =>
        Agree(
            Entry,
            "4, NULL, 0, 1, 9, 10, -3",
            1,
            [
                [4],
                [null],
                [null],
                [null],
                [9],
                [null],
                [null],
            ]
        );

    [Fact]
    public void A_number_that_stands_for_missing_is_missing() =>
        Agree(
            Entry with
            {
                Kind = FeatureKind.Numeric,
                Missing = MissingRule.Value,
                MissingValue = -1,
            },
            "0.1::DOUBLE, NULL, -1, 2",
            1,
            [
                [0.1],
                [null],
                [null],
                [2],
            ]
        );

    private const string Lists = "[]::BIGINT[], NULL, [2], [2, 3, 4, 5], [1], [5, 99], [3, 1, 1, 1]";

    [Fact]
    public void A_list_is_its_newest_known_entry_and_how_many_it_has() =>
        Agree(
            History("oldest first, padded on the left"),
            Lists,
            3,
            [
                [null, null],
                [null, null],
                [2, 1],
                [5, 3],
                [null, null],
                [5, 1],
                [null, null],
            ]
        );

    [Fact]
    public void A_list_with_the_newest_first_keeps_those() =>
        Agree(
            History("newest first"),
            Lists,
            3,
            [
                [null, null],
                [null, null],
                [2, 1],
                [2, 3],
                [null, null],
                [5, 1],
                [3, 1],
            ]
        );
}
