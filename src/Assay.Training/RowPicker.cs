using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Training;

/// <summary>Copies chosen rows and their labels into buffers that are used again for every batch of the same size.</summary>
internal sealed class RowPicker(TrainingRows source)
{
    private readonly RowBatch batch = new();
    private readonly Dictionary<int, float[]> labels = [];

    public (IReadOnlyDictionary<string, TensorData> Feeds, float[] Labels) Pick(ReadOnlySpan<int> rows)
    {
        if (!labels.TryGetValue(rows.Length, out var picked))
            labels[rows.Length] = picked = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            picked[i] = source.Labels[rows[i]];
        return (batch.Take(source.Feeds, rows, rows.Length), picked);
    }
}
