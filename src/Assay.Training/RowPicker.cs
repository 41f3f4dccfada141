using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training;

/// <summary>Copies chosen rows into tensors that are used again for every batch of the same size.</summary>
internal sealed class RowPicker(TrainingRows source)
{
    private readonly Dictionary<int, (Dictionary<string, TensorData> Feeds, float[] Labels)> buffers = [];

    public (Dictionary<string, TensorData> Feeds, float[] Labels) Pick(ReadOnlySpan<int> rows)
    {
        var count = rows.Length;
        if (!buffers.TryGetValue(count, out var buffer))
            buffers[count] = buffer = (
                source.Feeds.ToDictionary(f => f.Key, f => Room(f.Value, count)),
                new float[count]
            );
        foreach (var (name, from) in source.Feeds)
            Copy(from, buffer.Feeds[name], rows);
        for (var i = 0; i < rows.Length; i++)
            buffer.Labels[i] = source.Labels[rows[i]];
        return buffer;
    }

    private static TensorData Room(TensorData like, int rows)
    {
        if (like.Type == DataType.String)
            throw AssayException.Usage("Inputs of type string cannot be batched for fitting.");
        long[] dims = [rows, .. like.Dims[1..]];
        return TensorData.Create(
            like.Type,
            dims,
            ElementTypes.NewArray(like.Type, (int)dims.Aggregate(1L, (a, b) => a * b))
        );
    }

    private static void Copy(TensorData from, TensorData to, ReadOnlySpan<int> rows)
    {
        var bytes = from.Count / (int)from.Dims[0] * ElementTypes.Size(from.Type);
        for (var i = 0; i < rows.Length; i++)
            Buffer.BlockCopy(from.Values, rows[i] * bytes, to.Values, i * bytes, bytes);
    }
}
