using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Assay.Worlds;

/// <summary>Writes a world's rows as Parquet, and the texts behind its ids.</summary>
public static class WorldFiles
{
    /// <summary>The columns beside the features: cluster, request, item, time and label.</summary>
    public const string UserId = "user_id",
        RequestId = "request_id",
        ItemId = "item_id",
        Time = "time",
        Label = "click";

    /// <summary>
    /// Writes rows to a Parquet file: identifiers, time, label, then each feature under its name (ids as int32, numbers
    /// as float with null where missing, the history as a list). The file appears whole or not at all.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="rows">Row numbers, in the order to write them.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static async Task WriteParquetAsync(
        this World world,
        int[] rows,
        string path,
        CancellationToken cancellation = default
    )
    {
        Field[] identifiers =
        [
            new DataField<long>(UserId),
            new DataField<long>(RequestId),
            new DataField<long>(ItemId),
            new DateTimeDataField(Time, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros),
            new DataField<int>(Label),
        ];
        var schema = new ParquetSchema([.. identifiers, .. world.Table.Columns.Select(c => FieldOf(c.Feature))]);
        var fields = schema.DataFields;
        var aside = path + ".partial";
        await using (var stream = File.Create(aside))
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: cancellation);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<long>(fields[0], Pick(rows, world.UserIds), cancellationToken: cancellation);
            await group.WriteAsync<long>(fields[1], Pick(rows, world.RequestIds), cancellationToken: cancellation);
            await group.WriteAsync<long>(fields[2], Pick(rows, world.ItemIds), cancellationToken: cancellation);
            await group.WriteAsync<DateTime>(fields[3], Pick(rows, world.Times), cancellationToken: cancellation);
            await group.WriteAsync<int>(fields[4], Pick(rows, world.Labels), cancellationToken: cancellation);
            for (var f = 0; f < world.Table.Columns.Count; f++)
                await Write(group, fields[identifiers.Length + f], world.Table.Columns[f], rows, cancellation);
        }
        File.Move(aside, path, overwrite: true);
    }

    /// <summary>The texts of every id, as JSON: per feature its labels by id, 0 padding and 1 unknown.</summary>
    public static string VocabularyJson()
    {
        var vocabularies = WorldFeatures
            .All.Where(f => f.VocabularySize > 0)
            .ToDictionary(
                f => f.Name,
                f => new
                {
                    size = f.VocabularySize,
                    padding_id = 0,
                    oov_id = 1,
                    labels = (string[])["<padding>", "<unknown>", .. f.Labels],
                }
            );
        return JsonSerializer.Serialize(vocabularies);
    }

    private static Field FieldOf(WorldFeature feature) =>
        feature switch
        {
            { Kind: FeatureKind.Sequence } => new ListField(feature.Name, new DataField<int>("element")),
            { Kind: FeatureKind.Categorical } => new DataField<int>(feature.Name),
            { MissingValue: null } => new DataField<float>(feature.Name),
            _ => new DataField<float?>(feature.Name),
        };

    private static Task Write(
        ParquetRowGroupWriter group,
        DataField field,
        WorldColumn column,
        int[] rows,
        CancellationToken cancellation
    )
    {
        switch (column.Feature)
        {
            case { Kind: FeatureKind.Categorical }:
                return group.WriteAsync<int>(field, Pick(rows, column.Ids), cancellationToken: cancellation);
            case { Kind: FeatureKind.Numeric, MissingValue: null }:
                return group.WriteAsync<float>(field, Pick(rows, column.Numbers), cancellationToken: cancellation);
            case { Kind: FeatureKind.Numeric }:
                var present = Array.ConvertAll(
                    rows,
                    r => float.IsNaN(column.Numbers[r]) ? (float?)null : column.Numbers[r]
                );
                return group.WriteAsync<float>(field, present, cancellationToken: cancellation);
            default:
                var width = column.Feature.Width;
                var ids = new int[rows.Length * width];
                var repetition = new int[ids.Length];
                for (var i = 0; i < rows.Length; i++)
                {
                    column.Sequence(rows[i]).CopyTo(ids.AsSpan(i * width));
                    // 0 opens a row's list, 1 continues it.
                    repetition.AsSpan(i * width + 1, width - 1).Fill(1);
                }
                var definition = new int[ids.Length];
                Array.Fill(definition, field.MaxDefinitionLevel);
                return group.WriteAllPartsAsync<int>(field, ids, definition, repetition, cancellation);
        }
    }

    private static T[] Pick<T>(int[] rows, ReadOnlySpan<T> values)
    {
        var picked = new T[rows.Length];
        for (var i = 0; i < picked.Length; i++)
            picked[i] = values[rows[i]];
        return picked;
    }
}
