using Assay.Onnx;

namespace Assay.Worlds.Models;

/// <summary>Rows of a world as tensors for its model.</summary>
internal static class Encoder
{
    public static Dictionary<string, TensorData> Encode(IReadOnlyList<WorldRow> rows)
    {
        var categorical = ModelLayout.Categorical.Select(f => WorldFeatures.IndexOf(f.Name)).ToArray();
        var numeric = ModelLayout.Numeric.Select(f => WorldFeatures.IndexOf(f.Name)).ToArray();
        var sequence = WorldFeatures.IndexOf(ModelLayout.Sequence.Name);
        var width = ModelLayout.Sequence.Width;
        var ids = new long[rows.Count * categorical.Length];
        var dense = new float[rows.Count * numeric.Length];
        var history = new long[rows.Count * width];
        for (var i = 0; i < rows.Count; i++)
        {
            var (table, row) = (rows[i].Table, rows[i].Index);
            for (var c = 0; c < categorical.Length; c++)
                ids[i * categorical.Length + c] = table.Columns[categorical[c]].Id(row);
            for (var c = 0; c < numeric.Length; c++)
                dense[i * numeric.Length + c] = table.Columns[numeric[c]].Number(row);
            var read = table.Columns[sequence].Sequence(row);
            for (var c = 0; c < width; c++)
                history[i * width + c] = read[c];
        }
        return new()
        {
            [ModelLayout.Ids] = TensorData.From(ids, rows.Count, categorical.Length),
            [ModelLayout.Dense] = TensorData.From(dense, rows.Count, numeric.Length),
            [ModelLayout.History] = TensorData.From(history, rows.Count, width),
        };
    }
}
