using Assay.Onnx;

namespace Assay.Studies;

/// <summary>How the rows of a data source are stored.</summary>
public enum DataFormat
{
    /// <summary>Parquet files.</summary>
    Parquet,

    /// <summary>CSV files (header, types sniffed).</summary>
    Csv,

    /// <summary>The result of one SELECT, run by DuckDB.</summary>
    Sql,
}

/// <summary>Logged rows: Parquet or CSV files (paths or globs), or a query; optionally filtered.</summary>
public sealed record DataSource
{
    /// <summary>How the rows are stored.</summary>
    public required DataFormat Format { get; init; }

    /// <summary>Paths and globs; empty for a query.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The query, if it is one.</summary>
    public string? Query { get; init; }

    /// <summary>A SQL predicate that rows must meet; null: all rows.</summary>
    public string? Where { get; init; }

    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>A source from one path or glob; CSV by its extension (.csv, .tsv, also compressed), else Parquet.</summary>
    public static DataSource FromFile(string path, string folder = ".") =>
        new()
        {
            Format = IsCsv(path) ? DataFormat.Csv : DataFormat.Parquet,
            Paths = [path],
            Folder = folder,
        };

    /// <summary>What messages call it.</summary>
    public string Title => Format == DataFormat.Sql ? "the sql query" : string.Join(", ", Paths);

    private static bool IsCsv(string path) => path.Split('.').Skip(1).Any(e => e.ToLowerInvariant() is "csv" or "tsv");

    /// <summary>The files behind the paths, full paths, in a fixed order.</summary>
    internal IReadOnlyList<string> Files(Duck duck)
    {
        var files = new List<string>();
        foreach (var path in Paths)
        {
            var full = Path.GetFullPath(Path.Combine(Folder, path));
            var found = File.Exists(full)
                ? [full]
                : duck.Texts($"SELECT file FROM glob({Sql.Text(full)}) ORDER BY file");
            if (found.Count == 0)
                throw AssayException.Input($"No data file matches '{full}'; correct the path.");
            files.AddRange(found!);
        }
        return files;
    }

    /// <summary>A FROM expression whose rows carry <c>__row</c>, their number from 0 before any filter.</summary>
    internal string Relation(Duck duck)
    {
        var list = Format == DataFormat.Sql ? "" : string.Join(", ", Files(duck).Select(Sql.Text));
        var from = Format switch
        {
            DataFormat.Parquet => $"read_parquet([{list}], union_by_name=true)",
            DataFormat.Csv => $"read_csv([{list}], union_by_name=true)",
            _ => $"({Checked(duck)}\n)",
        };
        var rows = $"(SELECT row_number() OVER () - 1 AS __row, * FROM {from})";
        return Where is null ? rows : $"(SELECT * FROM {rows} WHERE ({Where}\n))";
    }

    private string Checked(Duck duck)
    {
        var query = (Query ?? "").Trim().TrimEnd(';');
        var error = duck.Scalar($"SELECT json_serialize_sql({Sql.Text(query)})->>'error_message'") as string;
        return error is null
            ? query
            : throw AssayException.Input($"The sql of the data source is not one SELECT: {error.Split('\n')[0]}");
    }
}
