using System.Globalization;
using System.Runtime.InteropServices;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>ONNX element types and the CLR types that hold them.</summary>
public static class ElementTypes
{
    private sealed record Row(DataType Type, string Name, Type Clr, int Size);

    private static readonly Row[] Rows =
    [
        new(DataType.Float, "float32", typeof(float), 4),
        new(DataType.Double, "float64", typeof(double), 8),
        new(DataType.Float16, "float16", typeof(Half), 2),
        new(DataType.Int64, "int64", typeof(long), 8),
        new(DataType.Int32, "int32", typeof(int), 4),
        new(DataType.Int16, "int16", typeof(short), 2),
        new(DataType.Int8, "int8", typeof(sbyte), 1),
        new(DataType.Uint64, "uint64", typeof(ulong), 8),
        new(DataType.Uint32, "uint32", typeof(uint), 4),
        new(DataType.Uint16, "uint16", typeof(ushort), 2),
        new(DataType.Uint8, "uint8", typeof(byte), 1),
        new(DataType.Bool, "bool", typeof(bool), 1),
        new(DataType.String, "string", typeof(string), 0),
    ];

    /// <summary>The ONNX type held by a CLR type.</summary>
    public static DataType Of(Type clr) =>
        Rows.FirstOrDefault(r => r.Clr == clr)?.Type
        ?? throw new ArgumentException($"No ONNX element type holds {clr.Name}.");

    /// <summary>The usual name of an element type: float32, int64, …</summary>
    public static string Name(DataType type) => Find(type)?.Name ?? type.ToString().ToLowerInvariant();

    /// <summary>Whether the type is a real floating-point one (float16, float32, float64).</summary>
    public static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16;

    /// <summary>Whether the type is a signed or unsigned integer.</summary>
    public static bool IsInteger(DataType type) =>
        Find(type) is { } row && row.Type is not (DataType.Bool or DataType.String) && !IsFloat(type);

    /// <summary>Whether tensors of this type can be held.</summary>
    public static bool IsSupported(DataType type) => Find(type) is not null;

    /// <summary>Bytes of one element; 0 for strings.</summary>
    public static int Size(DataType type) => Required(type).Size;

    /// <summary>A zeroed array of the CLR type.</summary>
    public static Array NewArray(DataType type, int count) => Array.CreateInstance(Required(type).Clr, count);

    internal static double ToDouble(Array values, int i) =>
        values switch
        {
            float[] v => v[i],
            double[] v => v[i],
            long[] v => v[i],
            int[] v => v[i],
            bool[] v => v[i] ? 1 : 0,
            Half[] v => (double)v[i],
            string[] => throw new InvalidOperationException("A string tensor has no numbers."),
            _ => Convert.ToDouble(values.GetValue(i), CultureInfo.InvariantCulture),
        };

    internal static Array FromDoubles(DataType type, double[] values) =>
        type switch
        {
            DataType.Double => values,
            DataType.Float => Array.ConvertAll(values, v => (float)v),
            DataType.Float16 => Array.ConvertAll(values, v => (Half)v),
            DataType.Int64 => Array.ConvertAll(values, v => (long)v),
            DataType.Int32 => Array.ConvertAll(values, v => (int)v),
            DataType.Int16 => Array.ConvertAll(values, v => (short)v),
            DataType.Int8 => Array.ConvertAll(values, v => (sbyte)v),
            DataType.Uint64 => Array.ConvertAll(values, v => (ulong)v),
            DataType.Uint32 => Array.ConvertAll(values, v => (uint)v),
            DataType.Uint16 => Array.ConvertAll(values, v => (ushort)v),
            DataType.Uint8 => Array.ConvertAll(values, v => (byte)v),
            DataType.Bool => Array.ConvertAll(values, v => v != 0),
            _ => throw new ArgumentException($"No conversion from numbers to {Name(type)}."),
        };

    internal static Span<byte> Bytes(Array values) =>
        values switch
        {
            float[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            double[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            Half[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            long[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            int[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            short[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            sbyte[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            ulong[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            uint[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            ushort[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            byte[] v => v.AsSpan(),
            bool[] v => MemoryMarshal.AsBytes(v.AsSpan()),
            _ => throw new ArgumentException($"Elements of {values.GetType().Name} are not bytes."),
        };

    private static Row? Find(DataType type) => Rows.FirstOrDefault(r => r.Type == type);

    private static Row Required(DataType type) =>
        Find(type) ?? throw AssayException.Input($"Element type {Name(type)} is not supported.");
}
