using System.Runtime.InteropServices;
using Assay.Onnx.Wire;
using Google.Protobuf;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>
/// A dense tensor as a value: element type, dimensions (row-major) and a typed array. Supported element types:
/// float, double, Half, the integers from 8 to 64 bits, bool and string.
/// </summary>
public sealed class TensorData
{
    private TensorData(DataType type, long[] dims, Array values)
    {
        Type = type;
        Dims = dims;
        Values = values;
    }

    /// <summary>The ONNX element type.</summary>
    public DataType Type { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public long[] Dims { get; }

    /// <summary>The elements in row-major order, in an array of the CLR type that matches <see cref="Type"/>.</summary>
    public Array Values { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Values.Length;

    /// <summary>The elements as a span of <typeparamref name="T"/>; throws if the element type is another.</summary>
    public Span<T> Span<T>() => ((T[])Values).AsSpan();

    /// <summary>A tensor over <paramref name="values"/> (not copied). Throws if the dimensions do not fit the array.</summary>
    public static TensorData From<T>(T[] values, params long[] dims)
        where T : notnull => Create(ElementTypes.Of(typeof(T)), dims, values);

    /// <summary>A scalar tensor.</summary>
    public static TensorData Scalar<T>(T value)
        where T : notnull => From([value]);

    /// <summary>A one-dimensional int64 tensor, the form of axes and shapes.</summary>
    public static TensorData Int64s(params long[] values) => From(values, values.Length);

    /// <summary>A tensor of the given type over an array of the matching CLR type.</summary>
    public static TensorData Create(DataType type, long[] dims, Array values)
    {
        long count = 1;
        foreach (var d in dims)
            count = d < 0 ? throw new ArgumentException($"A dimension is negative ({d}).") : checked(count * d);
        if (count != values.Length)
            throw new ArgumentException($"{values.Length} elements do not fill the shape [{string.Join(",", dims)}].");
        return new TensorData(type, dims, values);
    }

    /// <summary>The same elements under other dimensions.</summary>
    public TensorData Reshape(params long[] dims) => Create(Type, dims, Values);

    /// <summary>The elements as doubles; integers and booleans are converted, strings are refused.</summary>
    public double[] ToDoubles()
    {
        var result = new double[Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = ElementTypes.ToDouble(Values, i);
        return result;
    }

    /// <summary>The elements as 64-bit integers; floats are truncated, strings are refused.</summary>
    public long[] ToInt64s() =>
        Values switch
        {
            long[] same => same,
            int[] v => Array.ConvertAll(v, x => (long)x),
            ulong[] v => Array.ConvertAll(v, x => unchecked((long)x)),
            _ => Array.ConvertAll(ToDoubles(), v => (long)v),
        };

    /// <summary>The same values with another element type (numeric types and bool).</summary>
    public TensorData Cast(DataType type) =>
        type == Type ? this : new TensorData(type, Dims, ElementTypes.FromDoubles(type, ToDoubles()));

    /// <summary>The tensor as an ONNX initialiser (raw data; strings as string data).</summary>
    public TensorProto ToProto(string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)Type };
        proto.Dims.AddRange(Dims);
        if (Values is string[] strings)
            proto.StringData.AddRange(strings.Select(ByteString.CopyFromUtf8));
        else
            proto.RawData = ByteString.CopyFrom(Bytes());
        return proto;
    }

    /// <summary>The elements as little-endian bytes (not for strings).</summary>
    public ReadOnlySpan<byte> Bytes() => ElementTypes.Bytes(Values);

    /// <inheritdoc/>
    public override string ToString() => $"{ElementTypes.Name(Type)}[{string.Join(",", Dims)}]";
}
