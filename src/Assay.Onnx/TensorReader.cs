using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>Decodes initialisers: raw, typed or external data, checked against the declared dimensions.</summary>
public static class TensorReader
{
    /// <summary>
    /// The tensor held by <paramref name="proto"/>. External data are read from <paramref name="folder"/> (the model's).
    /// Throws <see cref="AssayException"/> naming the tensor when type, size or file do not fit.
    /// </summary>
    public static TensorData Read(TensorProto proto, string? folder)
    {
        var type = (DataType)proto.DataType;
        if (!ElementTypes.IsSupported(type))
            throw Bad(proto, $"has element type {ElementTypes.Name(type)}, which is not supported");
        var dims = proto.Dims.ToArray();
        var count = ElementCount(proto);
        if (type == DataType.String)
            return Typed(proto, dims, count, proto.StringData.Select(s => s.ToStringUtf8()).ToArray());
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            return FromBytes(proto, dims, count, ExternalData.Locate(proto, folder).ReadAll());
        if (proto.HasRawData)
            return FromBytes(proto, dims, count, proto.RawData.Span);
        return Typed(proto, dims, count, TypedValues(proto, type));
    }

    /// <summary>The number of elements that the dimensions declare; refuses negative or huge products.</summary>
    public static int ElementCount(TensorProto proto)
    {
        long count = 1;
        foreach (var d in proto.Dims)
        {
            if (d < 0)
                throw Bad(proto, $"has a negative dimension ({d})");
            if (d != 0 && count > int.MaxValue / d)
                throw Bad(proto, $"has more than 2^31 elements ([{string.Join(",", proto.Dims)}])");
            count *= d;
        }
        return (int)count;
    }

    private static Array TypedValues(TensorProto proto, DataType type) =>
        type switch
        {
            DataType.Float => proto.FloatData.ToArray(),
            DataType.Double => proto.DoubleData.ToArray(),
            DataType.Int64 => proto.Int64Data.ToArray(),
            DataType.Uint64 => proto.Uint64Data.ToArray(),
            DataType.Uint32 => proto.Uint64Data.Select(v => (uint)v).ToArray(),
            DataType.Int32 => proto.Int32Data.ToArray(),
            DataType.Int16 => proto.Int32Data.Select(v => (short)v).ToArray(),
            DataType.Int8 => proto.Int32Data.Select(v => (sbyte)v).ToArray(),
            DataType.Uint16 => proto.Int32Data.Select(v => (ushort)v).ToArray(),
            DataType.Uint8 => proto.Int32Data.Select(v => (byte)v).ToArray(),
            DataType.Bool => proto.Int32Data.Select(v => v != 0).ToArray(),
            _ => proto.Int32Data.Select(v => BitConverter.UInt16BitsToHalf((ushort)v)).ToArray(),
        };

    private static TensorData FromBytes(TensorProto proto, long[] dims, int count, ReadOnlySpan<byte> bytes)
    {
        var type = (DataType)proto.DataType;
        if (bytes.Length != (long)count * ElementTypes.Size(type))
            throw Bad(proto, $"has {bytes.Length} bytes where its shape needs {(long)count * ElementTypes.Size(type)}");
        var values = ElementTypes.NewArray(type, count);
        bytes.CopyTo(ElementTypes.Bytes(values));
        return TensorData.Create(type, dims, values);
    }

    private static TensorData Typed(TensorProto proto, long[] dims, int count, Array values) =>
        values.Length == count
            ? TensorData.Create((DataType)proto.DataType, dims, values)
            : throw Bad(proto, $"has {values.Length} elements where its shape needs {count}");

    private static AssayException Bad(TensorProto proto, string what) =>
        AssayException.Input($"Tensor '{proto.Name}' {what}.");
}
