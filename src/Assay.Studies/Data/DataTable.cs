using Assay.Onnx;

namespace Assay.Studies;

/// <summary>A data source opened in DuckDB: its columns, and what errors say about its rows.</summary>
internal sealed class DataTable
{
    private readonly Duck duck;
    private readonly Dictionary<string, string> types = new(StringComparer.OrdinalIgnoreCase);

    public DataTable(Duck duck, DataSource source)
    {
        this.duck = duck;
        Source = source;
        Relation = source.Relation(duck);
        duck.Read(
            $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Relation})",
            r => types[r.GetString(0)] = r.GetString(1)
        );
        types.Remove("__row");
    }

    public DataSource Source { get; }

    /// <summary>The FROM expression, with <c>__row</c>.</summary>
    public string Relation { get; }

    public IEnumerable<string> Columns => types.Keys;

    public bool Has(string column) => types.ContainsKey(column);

    /// <summary>How many rows there are.</summary>
    public long Rows() => duck.Count($"SELECT count(*) FROM {Relation}");

    /// <summary>DuckDB's type of a column that must be there; <paramref name="purpose"/> says who wants it.</summary>
    public string Type(string column, string purpose) =>
        types.GetValueOrDefault(column)
        ?? throw AssayException.Input(
            $"Data {Source.Title}: column '{column}' ({purpose}) is missing.{Nearest.Hint(column, Columns)}"
                + " Add it, or name the right one."
        );

    /// <summary>A SQL expression that reads a column as a number; an error names the first row that holds none.</summary>
    public string Number(string column, string purpose)
    {
        var type = Type(column, purpose);
        if (IsNumber(type))
            return $"CAST({Sql.Name(column)} AS DOUBLE)";
        throw WrongType(column, type, purpose, "a number", "DOUBLE");
    }

    /// <summary>A SQL expression that reads a feature's column as BIGINT or DOUBLE, or a list of these.</summary>
    public string Feature(FeatureEntry entry)
    {
        var purpose = $"feature '{entry.Name}'";
        var type = Type(entry.Source, purpose);
        var element = entry.IsList ? ElementType(type) : type;
        var target = entry.HasIds ? "BIGINT" : "DOUBLE";
        var wanted = (entry.HasIds ? "a whole-number id" : "a number") + (entry.IsList ? " in a list" : "");
        if (element is null || !(entry.HasIds ? IsInteger(element) : IsNumber(element)))
            throw WrongType(entry.Source, type, purpose, wanted, entry.IsList ? null : target);
        return $"CAST({Sql.Name(entry.Source)} AS {target}{(entry.IsList ? "[]" : "")})";
    }

    /// <summary>"data FILE row N": where a row stands, counting from 0 within the whole source.</summary>
    public string Place(long row)
    {
        if (Source.Format == DataFormat.Sql)
            return $"Data {Source.Title}, row {row}";
        var files = Source.Files(duck);
        if (files.Count == 1)
            return $"Data {files[0]} row {row}";
        foreach (var file in files)
        {
            var read = Source.Format == DataFormat.Parquet ? "read_parquet" : "read_csv";
            var rows = duck.Count($"SELECT count(*) FROM {read}({Sql.Text(file)})");
            if (row < rows)
                return $"Data {file} row {row}";
            row -= rows;
        }
        return $"Data {Source.Title} row {row}";
    }

    private AssayException WrongType(string column, string type, string purpose, string wanted, string? tryCast)
    {
        // Types of an empty file are guesses, and not what is wrong with it.
        if (Rows() == 0)
            return AssayException.Input($"Data {Source.Title} has no rows.");
        if (tryCast is not null && (type == "VARCHAR" || IsNumber(type)))
        {
            var name = Sql.Name(column);
            var misfit = IsNumber(type) ? $"{name} <> trunc({name})" : $"TRY_CAST({name} AS {tryCast}) IS NULL";
            var bad = $"FROM {Relation} WHERE {name} IS NOT NULL AND {misfit}";
            if (duck.Scalar($"SELECT __row {bad} ORDER BY __row LIMIT 1") is long row)
            {
                var value = duck.Scalar($"SELECT {name} {bad} ORDER BY __row LIMIT 1");
                return AssayException.Input(
                    $"{Place(row)}, column '{column}' ({purpose}): '{value}' is not {wanted}; correct it or name another column."
                );
            }
        }
        return AssayException.Input(
            $"Data {Source.Title}: column '{column}' ({purpose}) holds {type}, but {wanted} is wanted; convert it, for"
                + " instance with a sql source."
        );
    }

    private static string? ElementType(string type) => type.EndsWith(']') ? type[..type.LastIndexOf('[')] : null;

    private static bool IsInteger(string type) =>
        type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "BOOLEAN" || type.StartsWith('U');

    private static bool IsNumber(string type) =>
        IsInteger(type) || type is "FLOAT" or "DOUBLE" || type.StartsWith("DECIMAL", StringComparison.Ordinal);
}
