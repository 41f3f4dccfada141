using Assay.Onnx;

namespace Assay.Studies;

/// <summary>A list column that goes with a sequence entry by entry, such as the ages of its items.</summary>
public static class SequenceColumn
{
    /// <summary>The numbers as they lie in the sequence's positions, rows × positions; NaN where there is no entry.</summary>
    /// <param name="source">The data.</param>
    /// <param name="sequence">The sequence, whose column the lists go with.</param>
    /// <param name="column">The column of lists of numbers.</param>
    /// <param name="first">The first row, counting from 0.</param>
    /// <param name="rows">Number of rows.</param>
    /// <exception cref="AssayException">Input: the column is missing, holds no lists, or a list of another length.</exception>
    public static double[] Read(DataSource source, BoundFeature sequence, string column, long first, int rows)
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var purpose = $"entries of '{sequence.Entry.Name}'";
        var type = table.Type(column, purpose);
        if (!type.EndsWith(']'))
            throw AssayException.Input(
                $"Data {source.Title}: column '{column}' ({purpose}) holds {type}, but a list of numbers is wanted; name a column that goes with '{sequence.Entry.Source}' entry by entry."
            );
        var positions = sequence.Elements.Count;
        var values = new double[rows * positions];
        Array.Fill(values, double.NaN);
        var n = 0;
        duck.Read(
            $"SELECT __row, CAST({Sql.Name(column)} AS DOUBLE[]), len({Sql.Name(sequence.Entry.Source)}) FROM {table.Relation} "
                + $"WHERE __row >= {first} AND __row < {first + rows} ORDER BY __row",
            reader =>
            {
                var list = reader.IsDBNull(1) ? [] : reader.GetFieldValue<List<double?>>(1);
                var entries = reader.IsDBNull(2) ? 0 : reader.GetInt64(2);
                if (list.Count != entries)
                    throw AssayException.Input(
                        $"{table.Place(reader.GetInt64(0))}, column '{column}' ({purpose}): {list.Count} numbers for {entries} entries of '{sequence.Entry.Source}'."
                    );
                var kept = Math.Min(list.Count, positions);
                var from = sequence.Entry.KeepsFirst ? 0 : list.Count - kept;
                var to = sequence.Entry.PadsLeft ? positions - kept : 0;
                for (var i = 0; i < kept; i++)
                    values[n * positions + to + i] = list[from + i] ?? double.NaN;
                n++;
            }
        );
        return values;
    }
}
