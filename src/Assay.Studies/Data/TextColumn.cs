namespace Assay.Studies;

/// <summary>One column of logged data as text: cluster keys, or the labels of segments.</summary>
public static class TextColumn
{
    /// <summary>The values of some rows in their order; null where missing.</summary>
    /// <param name="source">The data.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="purpose">What it is for, as errors say it.</param>
    /// <param name="first">The first row, counting from 0.</param>
    /// <param name="count">How many rows at most.</param>
    /// <exception cref="Onnx.AssayException">Input: there is no such column; the nearest is suggested.</exception>
    public static IReadOnlyList<string?> Read(DataSource source, string column, string purpose, long first, int count)
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        table.Type(column, purpose);
        return duck.Texts(
            $"SELECT CAST({Sql.Name(column)} AS VARCHAR) FROM {table.Relation} "
                + $"WHERE __row >= {first} AND __row < {first + count} ORDER BY __row"
        );
    }
}
