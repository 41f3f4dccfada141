using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>Tensors of a wanted size made of nothing, or by repeating another.</summary>
internal static class Tiling
{
    /// <summary>Zeros; 0.5 for floating-point types, so that logarithms and quotients exist; empty strings.</summary>
    public static TensorData Filled(DataType type, long[] dims)
    {
        var count = checked((int)Product(dims));
        if (type == DataType.String)
            return TensorData.From(Enumerable.Repeat("", count).ToArray(), dims);
        var values = ElementTypes.NewArray(type, count);
        switch (values)
        {
            case float[] v:
                Array.Fill(v, 0.5f);
                break;
            case double[] v:
                Array.Fill(v, 0.5);
                break;
            case Half[] v:
                Array.Fill(v, (Half)0.5);
                break;
        }
        return TensorData.Create(type, dims, values);
    }

    /// <summary>The tensor repeated along each axis, or cut, to the dimensions wanted; ranks must agree.</summary>
    public static TensorData Tile(TensorData tensor, long[] dims)
    {
        if (tensor.Dims.Length != dims.Length || (tensor.Count == 0 && Product(dims) > 0))
            return Filled(tensor.Type, dims);
        var values = Array.CreateInstance(tensor.Values.GetType().GetElementType()!, checked((int)Product(dims)));
        var index = new long[dims.Length];
        for (var i = 0; i < values.Length; i++)
        {
            long from = 0;
            for (var axis = 0; axis < dims.Length; axis++)
                from = from * tensor.Dims[axis] + index[axis] % tensor.Dims[axis];
            Array.Copy(tensor.Values, (int)from, values, i, 1);
            for (var axis = dims.Length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--)
                index[axis] = 0;
        }
        return TensorData.Create(tensor.Type, dims, values);
    }

    private static long Product(long[] dims) => dims.Aggregate(1L, (a, b) => checked(a * b));
}
