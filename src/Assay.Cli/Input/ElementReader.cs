using System.Globalization;
using System.Text.Json;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Input;

/// <summary>Reads one JSON value into an array of an element type.</summary>
internal static class ElementReader
{
    /// <summary>Stores the value, or returns what is wrong with it.</summary>
    public delegate string? Read(JsonElement element, Array values, int at);

    public static Read For(DataType type) =>
        type switch
        {
            DataType.Float => (e, v, i) => Real(e, float.MaxValue, type, x => ((float[])v)[i] = (float)x),
            DataType.Double => (e, v, i) => Real(e, double.MaxValue, type, x => ((double[])v)[i] = x),
            DataType.Float16 => (e, v, i) => Real(e, (double)Half.MaxValue, type, x => ((Half[])v)[i] = (Half)x),
            DataType.Bool => Truth,
            DataType.String => Text,
            DataType.Uint64 => (e, v, i) => Integer(e, type, 0, ulong.MaxValue, v, i),
            DataType.Int64 => (e, v, i) => Integer(e, type, long.MinValue, long.MaxValue, v, i),
            DataType.Int32 => (e, v, i) => Integer(e, type, int.MinValue, int.MaxValue, v, i),
            DataType.Int16 => (e, v, i) => Integer(e, type, short.MinValue, short.MaxValue, v, i),
            DataType.Int8 => (e, v, i) => Integer(e, type, sbyte.MinValue, sbyte.MaxValue, v, i),
            DataType.Uint32 => (e, v, i) => Integer(e, type, 0, uint.MaxValue, v, i),
            DataType.Uint16 => (e, v, i) => Integer(e, type, 0, ushort.MaxValue, v, i),
            _ => (e, v, i) => Integer(e, type, 0, byte.MaxValue, v, i),
        };

    private static string? Real(JsonElement element, double limit, DataType type, Action<double> store)
    {
        if (element.ValueKind != JsonValueKind.Number)
            return $"is {JsonFile.Kind(element)}, but a {ElementTypes.Name(type)} number is wanted";
        var value = element.GetDouble();
        if (!(Math.Abs(value) <= limit))
            return $"is {element.GetRawText()}, beyond the range of {ElementTypes.Name(type)}";
        store(value);
        return null;
    }

    private static string? Integer(
        JsonElement element,
        DataType type,
        decimal lowest,
        decimal highest,
        Array values,
        int at
    )
    {
        if (element.ValueKind != JsonValueKind.Number || !Whole(element, out var value))
            return $"is {JsonFile.Kind(element)}, but a whole number ({ElementTypes.Name(type)}) is wanted";
        if (value < lowest || value > highest)
            return $"is {element.GetRawText()}, beyond the range of {ElementTypes.Name(type)}";
        values.SetValue(
            Convert.ChangeType(value, values.GetType().GetElementType()!, CultureInfo.InvariantCulture),
            at
        );
        return null;
    }

    // Writers of JSON often give ids as 7.0; that is whole, 7.5 is not.
    private static bool Whole(JsonElement element, out decimal value)
    {
        if (element.TryGetDecimal(out value))
            return value == decimal.Truncate(value);
        value = element.GetDouble() < 0 ? decimal.MinValue : decimal.MaxValue;
        return true;
    }

    private static string? Truth(JsonElement element, Array values, int at)
    {
        var value = element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when element.GetDouble() is 0 or 1 => element.GetDouble() == 1,
            _ => (bool?)null,
        };
        if (value is null)
            return $"is {JsonFile.Kind(element)}, but true or false is wanted";
        ((bool[])values)[at] = value.Value;
        return null;
    }

    private static string? Text(JsonElement element, Array values, int at)
    {
        if (element.ValueKind != JsonValueKind.String)
            return $"is {JsonFile.Kind(element)}, but text is wanted";
        ((string[])values)[at] = element.GetString()!;
        return null;
    }
}
