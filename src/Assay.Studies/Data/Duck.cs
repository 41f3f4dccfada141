using Assay.Onnx;
using DuckDB.NET.Data;

namespace Assay.Studies;

/// <summary>An in-memory DuckDB that reads files and spills to a folder; its errors become one line.</summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection connection;

    private Duck(DuckDBConnection connection) => this.connection = connection;

    /// <param name="folder">Where relative paths in SQL are looked for.</param>
    /// <param name="threads">Threads of DuckDB.</param>
    /// <param name="memory">Memory limit, as DuckDB writes it: "512MB".</param>
    /// <param name="spill">Folder for what does not fit; null: none.</param>
    public static Duck Open(string? folder = null, int threads = 1, string memory = "512MB", string? spill = null)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var duck = new Duck(connection);
        duck.Execute($"SET threads={threads}; SET memory_limit={Sql.Text(memory)}; SET preserve_insertion_order=true");
        duck.Execute("SET autoinstall_known_extensions=false; SET enable_progress_bar=false; SET TimeZone='UTC'");
        duck.Execute($"SET temp_directory={Sql.Text(spill ?? "")}");
        if (folder is not null)
            duck.Execute($"SET file_search_path={Sql.Text(folder)}");
        return duck;
    }

    public void Execute(string sql) =>
        Guard(
            sql,
            () =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                return command.ExecuteNonQuery();
            }
        );

    public object? Scalar(string sql) =>
        Guard(
            sql,
            () =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                return command.ExecuteScalar() is var v && v is DBNull ? null : v;
            }
        );

    public long Count(string sql) => Convert.ToInt64(Scalar(sql), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first column of a query, as text (null for NULL).</summary>
    public List<string?> Texts(string sql)
    {
        var list = new List<string?>();
        Read(sql, r => list.Add(r.IsDBNull(0) ? null : r.GetString(0)));
        return list;
    }

    /// <summary>Streams the rows of a query.</summary>
    public void Read(string sql, Action<DuckDBDataReader> row) =>
        Guard(
            sql,
            () =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.UseStreamingMode = true;
                using var reader = command.ExecuteReader();
                while (reader.Read())
                    row(reader);
                return 0;
            }
        );

    /// <summary>Fills a table of this session quickly.</summary>
    public void Append(string table, Action<DuckDBAppender> fill) =>
        Guard(
            table,
            () =>
            {
                using var appender = connection.CreateAppender(table);
                fill(appender);
                return 0;
            }
        );

    public void Dispose() => connection.Dispose();

    private static T Guard<T>(string sql, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDBException e)
        {
            throw Translate(e);
        }
    }

    private static AssayException Translate(DuckDBException e)
    {
        var line = e.Message.Split('\n')[0].Trim();
        var full = line.Contains("No space left", StringComparison.OrdinalIgnoreCase);
        var memory = line.StartsWith("Out of Memory", StringComparison.OrdinalIgnoreCase);
        return full ? AssayException.Failed($"DuckDB could not finish: {line.TrimEnd('.')}; free space.", e)
            : memory
                ? AssayException.Failed(
                    $"DuckDB could not finish: {line.TrimEnd('.')}; raise 'memory' in the study, or study fewer rows.",
                    e
                )
            : AssayException.Input(
                $"The data cannot be read: {line.TrimEnd('.')}; correct the file, the column or the SQL.",
                e
            );
    }
}

/// <summary>Text in SQL.</summary>
internal static class Sql
{
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
