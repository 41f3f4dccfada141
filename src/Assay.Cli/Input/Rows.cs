using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>Rows taken out of a batch.</summary>
internal static class Rows
{
    public static IReadOnlyDictionary<string, TensorData> Slice(
        IReadOnlyDictionary<string, TensorData> rows,
        int first,
        int count
    ) => rows.ToDictionary(r => r.Key, r => Slice(r.Value, first, count));

    private static TensorData Slice(TensorData tensor, int first, int count)
    {
        if (count == tensor.Dims[0])
            return tensor;
        var width = tensor.Count / (int)tensor.Dims[0];
        var values = ElementTypes.NewArray(tensor.Type, count * width);
        Array.Copy(tensor.Values, first * width, values, 0, values.Length);
        return TensorData.Create(tensor.Type, [count, .. tensor.Dims[1..]], values);
    }
}
