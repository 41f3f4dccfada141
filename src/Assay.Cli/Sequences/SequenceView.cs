using Assay.Attribution;
using Assay.Attribution.Sequences;
using Assay.Cli.Input;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Sequences;

/// <summary>Sums the positions of sequences up per item and by recency, part by part.</summary>
internal sealed class SequenceView
{
    private readonly DataRows source;
    private readonly Recency? recency;
    private readonly (BoundFeature Feature, SequenceLayout Layout, int[] Columns)[] sequences;

    /// <summary>A view of the sequences whose positions are all columns of the explanation.</summary>
    public SequenceView(SequenceRequest asked, DataRows source, IReadOnlyList<string> columns)
    {
        (this.source, recency) = (source, asked.Recency);
        sequences =
        [
            .. asked
                .Features.Select(name => source.Binding.Feature(name))
                .Where(f => f.Entry.HasIds)
                .Select(f => (Feature: f, Layout: Layout(f)))
                .Select(s =>
                    (
                        s.Feature,
                        s.Layout,
                        Enumerable
                            .Range(0, s.Layout.Length)
                            .Select(p => columns.ToList().IndexOf(s.Layout.Player(p)))
                            .ToArray()
                    )
                )
                .Where(s => !s.Item3.Contains(-1)),
        ];
    }

    /// <summary>The players with those of the named sequences in the place of each; a usage error where a name is no sequence.</summary>
    public static IReadOnlyList<FeatureSlot> Expand(
        IReadOnlyList<FeatureSlot> slots,
        SequenceRequest asked,
        DictionaryBinding binding
    )
    {
        foreach (var feature in asked.Features.Select(binding.Feature))
            if (feature.Elements.Count < 2)
                throw AssayException.Usage(
                    $"Feature '{feature.Entry.Name}' has one position; --positions wants a sequence."
                );
        return
        [
            .. slots.SelectMany(s =>
                asked.Features.Contains(s.Name)
                    ? s.Elements.Select((e, p) => new FeatureSlot($"{s.Name}[{p}]", [e]))
                    : [s]
            ),
        ];
    }

    /// <summary>For each row of a part its sequences.</summary>
    public IReadOnlyList<SequenceAttribution>[] Of(RowPart part, Explanation explained)
    {
        var result = new IReadOnlyList<SequenceAttribution>[explained.Rows];
        var width = explained.Attributions.Length / explained.Rows;
        var ages = sequences.Select(s => Ages(s.Feature, part.First, explained.Rows)).ToArray();
        for (var r = 0; r < explained.Rows; r++)
        {
            var row = r;
            result[r] =
            [
                .. sequences.Select(
                    (s, i) =>
                    {
                        var ids = Ids(part.Rows[s.Feature.Input.Name], s.Feature, row);
                        return SequenceAttribution.Of(
                            s.Layout,
                            ids,
                            [.. s.Columns.Select(c => explained.Attributions[row * width + c])],
                            Recent(s.Layout, ids, ages[i], row)
                        );
                    }
                ),
            ];
        }
        return result;
    }

    private bool[] Recent(SequenceLayout layout, long[] ids, double[]? ages, int row) =>
        recency is null ? []
        : recency.Positions is { } k ? layout.Recent(ids, k)
        : [.. Enumerable.Range(0, layout.Length).Select(p => ages![row * layout.Length + p] <= recency.Limit)];

    private double[]? Ages(BoundFeature feature, long first, int rows) =>
        recency?.AgeColumn is { } column ? SequenceColumn.Read(source.Data, feature, column, first, rows) : null;

    private static long[] Ids(TensorData tensor, BoundFeature feature, int row) =>
        [
            .. feature.Elements.Select(e =>
                Convert.ToInt64(
                    tensor.Values.GetValue(row * feature.Input.Elements + e),
                    System.Globalization.CultureInfo.InvariantCulture
                )
            ),
        ];

    private static SequenceLayout Layout(BoundFeature feature) =>
        new(feature.Entry.Name, feature.Elements.Count, feature.Entry.PaddingId ?? 0, feature.Entry.KeepsFirst);
}
