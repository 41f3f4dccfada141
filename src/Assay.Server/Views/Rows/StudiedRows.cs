using System.Globalization;
using Assay.Onnx;
using Assay.Studies;
using DuckDB.NET.Data;

namespace Assay.Server;

/// <summary>One row as the study read it.</summary>
internal sealed record StudiedRow(
    long Row,
    long Request,
    long Cluster,
    long Item,
    double Label,
    IReadOnlyList<double[]> Values
);

/// <summary>The rows that a study explained: from its prepared files, which hold ids and numbers as the model takes them.</summary>
internal static class StudiedRows
{
    private const int RowsOfMean = 4096;

    /// <exception cref="AssayException">Input: the prepared rows are gone.</exception>
    public static (IReadOnlyList<StudiedRow> Rows, int Total) Page(
        RunFolder run,
        RowModel model,
        string split,
        string? q,
        int page,
        int size
    )
    {
        var where = q is null ? "" : $" WHERE {Search(q)}";
        using var duck = Duck.Open();
        var total = (int)duck.Count($"SELECT count(*) FROM {From(run, split)}{where}");
        return (
            Read(duck, run, model, split, $"{where} ORDER BY \"row\" LIMIT {size} OFFSET {(long)(page - 1) * size}"),
            total
        );
    }

    /// <summary>A row by its number in the data; null: there is none.</summary>
    public static StudiedRow? Find(RunFolder run, RowModel model, string split, long row)
    {
        using var duck = Duck.Open();
        return Read(duck, run, model, split, $" WHERE \"row\" = {row}").FirstOrDefault();
    }

    /// <summary>The rows of the same list.</summary>
    public static IReadOnlyList<StudiedRow> List(RunFolder run, RowModel model, string split, StudiedRow row, int most)
    {
        using var duck = Duck.Open();
        return Read(duck, run, model, split, $" WHERE request_key = {row.Request} ORDER BY \"row\" LIMIT {most}");
    }

    /// <summary>Some rows in an order that has nothing to do with what they hold.</summary>
    public static IReadOnlyList<StudiedRow> Sample(RunFolder run, RowModel model, string split, int count)
    {
        using var duck = Duck.Open();
        return Read(duck, run, model, split, $" ORDER BY hash(\"row\"), \"row\" LIMIT {count}");
    }

    public static IReadOnlyDictionary<string, TensorData> FirstRows(RunFolder run, RowModel model)
    {
        using var duck = Duck.Open();
        return Feeds(model, Read(duck, run, model, Splits.Explain, $" LIMIT {RowsOfMean}"));
    }

    /// <summary>Rows as the model takes them.</summary>
    public static Dictionary<string, TensorData> Feeds(RowModel model, IReadOnlyList<StudiedRow> rows)
    {
        var feeds = model.Binding.NewFeeds(rows.Count);
        for (var r = 0; r < rows.Count; r++)
        for (var f = 0; f < model.Binding.Features.Count; f++)
        {
            var feature = model.Binding.Features[f];
            for (var e = 0; e < feature.Elements.Count; e++)
                DictionaryBinding.SetElement(
                    feeds[feature.Input.Name],
                    r * feature.Input.Elements + feature.Elements[e],
                    rows[r].Values[f][e]
                );
        }
        return feeds;
    }

    private static List<StudiedRow> Read(Duck duck, RunFolder run, RowModel model, string split, string tail)
    {
        var features = model.Binding.Features;
        var columns = features.SelectMany(f =>
            Enumerable.Range(0, f.Elements.Count).Select(e => Sql.Name(PreparedColumns.Element(f, e)))
        );
        var rows = new List<StudiedRow>();
        duck.Read(
            $"SELECT \"row\", request_key, cluster_key, item_key, label, {string.Join(", ", columns)} FROM {From(run, split)}{tail}",
            r =>
            {
                var next = 5;
                var values = features.Select(f => f.Elements.Select(_ => Number(r, next++)).ToArray()).ToArray();
                rows.Add(new(Key(r, 0), Key(r, 1), Key(r, 2), Key(r, 3), Number(r, 4), values));
            }
        );
        return rows;
    }

    private static string From(RunFolder run, string split)
    {
        if (split is not (Splits.Explain or Splits.Holdout))
            throw AssayException.Usage($"There is no split '{split}'; ask for explain or holdout.");
        var path = run.In($"prepared/{split}.parquet");
        return File.Exists(path)
            ? $"read_parquet({Sql.Text(path)})"
            : throw AssayException.Input(
                $"The rows of this study are gone ('prepared/{split}.parquet' of its folder); run the study again to look at single rows."
            );
    }

    // A row's number, or one of the short keys that the list shows.
    private static string Search(string q)
    {
        if (long.TryParse(q, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            return $"\"row\" = {row}";
        var key = Sql.Text(q.ToLowerInvariant().TrimStart('#'));
        return $"(starts_with({Short("request_key")}, {key}) OR starts_with({Short("cluster_key")}, {key}))";
    }

    private static string Short(string column) => $"printf('%016x', {column}::BIGINT)";

    private static long Key(DuckDBDataReader r, int i) => r.IsDBNull(i) ? 0 : r.GetInt64(i);

    private static double Number(DuckDBDataReader r, int i) =>
        r.IsDBNull(i) ? double.NaN : Convert.ToDouble(r.GetValue(i), CultureInfo.InvariantCulture);
}
