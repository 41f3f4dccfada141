using Assay.Onnx;
using Assay.Statistics;
using DuckDB.NET.Data;

namespace Assay.Studies;

/// <summary>
/// Orders, checks and stores the rows of one split: what must be known of all rows before blocks can be worked on apart.
/// Memory does not grow with the rows but for the keys of the clusters; DuckDB sorts on disk if it must.
/// </summary>
internal sealed class Preparer : IDisposable
{
    private readonly StudyDefinition study;
    private readonly DictionaryBinding binding;
    private readonly Duck duck;
    private readonly DataTable table;
    private readonly string name;
    private readonly string folder;

    public Preparer(
        StudyDefinition study,
        DictionaryBinding binding,
        string name,
        DataSource source,
        string folder,
        int threads
    )
    {
        (this.study, this.binding, this.name, this.folder) = (study, binding, name, folder);
        var spill = Path.Combine(folder, "prepared", "spill");
        duck = Duck.Open(source.Folder, threads, study.Memory, spill);
        table = new DataTable(duck, source);
    }

    public DataTable Table => table;

    public Duck Duck => duck;

    public void Dispose()
    {
        duck.Dispose();
        var spill = Path.Combine(folder, "prepared", "spill");
        if (Directory.Exists(spill))
            Directory.Delete(spill, recursive: true);
    }

    /// <summary>Reads everything once, in order, and writes <c>prepared/SPLIT.parquet</c> and <c>.json</c>.</summary>
    public PreparedSplit Run(
        IReadOnlyList<SegmentDefinition> segments,
        string prepareHash,
        string? dataHash,
        CancellationToken cancel
    )
    {
        var label = table.Number(study.Label, "label");
        var weight = study.Weight is { } w ? table.Number(w, "weight") : "1.0::DOUBLE";
        var popularity = study.Popularity is { } p ? table.Number(p, "popularity") : "0.0::DOUBLE";
        foreach (var (column, purpose) in Plain())
            table.Type(column, purpose);
        var segmentColumns = segments.SelectMany(s => SegmentColumn.For(s, table)).ToArray();
        var features = binding.Features.Select(f => table.Feature(f.Entry)).ToArray();
        var rows = duck.Count($"SELECT count(*) FROM {table.Relation}");
        if (rows == 0)
            throw AssayException.Input(
                $"Data {table.Source.Title} ({name}) has no rows; correct the path or the 'where'."
            );
        if (rows > int.MaxValue)
            throw AssayException.Input(
                $"Data {table.Source.Title} ({name}) has {rows} rows; at most {int.MaxValue} are possible."
            );
        var (blockOf, _) = ClusterOrder.Make(duck, table, study.Cluster, rows);
        var request = Text(study.Request ?? study.Cluster);
        var item = study.Item is { } i ? $"COALESCE({Text(i)}, '')" : "''";
        string[] columns =
        [
            "__ordinal",
            "__hash",
            "__row",
            label,
            weight,
            request,
            item,
            popularity,
            .. segmentColumns.Select(s => s.Expression),
            .. study.SecondCluster is { } second ? [Text(second)] : Array.Empty<string>(),
            .. features,
        ];
        var sql =
            $"SELECT {string.Join(", ", columns.Select((c, n) => $"{c} AS __c{n}"))} FROM {table.Relation} "
            + $"JOIN __clusters ON {Text(study.Cluster)} = __key ORDER BY __c0, __c5, __c2";
        var pass = new PreparePass(study, table, binding, segmentColumns, blockOf, columns.Length - features.Length);
        var path = PreparedSplit.ParquetPath(folder, name);
        Files.Write(
            path,
            stream =>
            {
                using var writer = ColumnWriter.Create(stream, pass.Columns);
                pass.Write = writer.WriteGroup;
                duck.Read(
                    sql,
                    reader =>
                    {
                        cancel.ThrowIfCancellationRequested();
                        pass.Add(reader);
                    }
                );
                pass.Finish(name);
            }
        );
        var prepared = pass.Result(name, prepareHash, dataHash ?? Files.Hash(path));
        prepared.Save(folder);
        return prepared;
    }

    private IEnumerable<(string, string)> Plain()
    {
        yield return (study.Cluster, "cluster key");
        if (study.SecondCluster is { } second)
            yield return (second, "second cluster key");
        if (study.Request is { } request)
            yield return (request, "request key");
        if (study.Time is { } time)
            yield return (time, "time");
        if (study.Item is { } item)
            yield return (item, "item");
    }

    private static string Text(string column) => $"CAST({Sql.Name(column)} AS VARCHAR)";
}
