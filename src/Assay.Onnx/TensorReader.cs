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
        Check(proto, folder);
        var count = ElementCount(proto);
        if (type == DataType.String)
            return Make(proto, proto.StringData.Select(s => s.ToStringUtf8()).ToArray());
        if (proto.DataLocation != TensorProto.Types.DataLocation.External && !proto.HasRawData)
            return Make(proto, TypedValues(proto, type));
        var values = ElementTypes.NewArray(type, count);
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            ExternalData.Locate(proto, folder).ReadInto(values);
        else
            proto.RawData.Span.CopyTo(ElementTypes.Bytes(values));
        return Make(proto, values);
    }

    /// <summary>
    /// Throws <see cref="AssayException"/> where dimensions, data and external file do not fit together, without decoding
    /// anything. Element types that cannot be read are passed over.
    /// </summary>
    internal static void Check(TensorProto proto, string? folder)
    {
        var type = (DataType)proto.DataType;
        var count = ElementCount(proto);
        var external = proto.DataLocation == TensorProto.Types.DataLocation.External;
        var located = external ? ExternalData.Locate(proto, folder).Length : 0;
        if (!ElementTypes.IsSupported(type))
            return;
        var needed = (long)count * ElementTypes.Size(type);
        if (external && type == DataType.String)
            throw Bad(proto, "holds strings outside the model file, which ONNX does not allow");
        if (
            external ? located != needed : proto.HasRawData && type != DataType.String && proto.RawData.Length != needed
        )
            throw Bad(proto, $"has {(external ? located : proto.RawData.Length)} bytes where its shape needs {needed}");
        if (!external && (!proto.HasRawData || type == DataType.String) && TypedCount(proto, type) != count)
            throw Bad(proto, $"has {TypedCount(proto, type)} elements where its shape needs {count}");
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

    private static int TypedCount(TensorProto proto, DataType type) =>
        type switch
        {
            DataType.Float => proto.FloatData.Count,
            DataType.Double => proto.DoubleData.Count,
            DataType.Int64 => proto.Int64Data.Count,
            DataType.Uint64 or DataType.Uint32 => proto.Uint64Data.Count,
            DataType.String => proto.StringData.Count,
            _ => proto.Int32Data.Count,
        };

    private static TensorData Make(TensorProto proto, Array values) =>
        TensorData.Create((DataType)proto.DataType, [.. proto.Dims], values);

    private static AssayException Bad(TensorProto proto, string what) =>
        AssayException.Input($"Tensor '{proto.Name}' {what}.");
}
