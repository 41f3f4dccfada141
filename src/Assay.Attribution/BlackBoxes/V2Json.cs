using System.Buffers;
using System.Text.Json;
using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.BlackBoxes;

/// <summary>The JSON of the Open Inference Protocol, version 2: metadata of a model, tensors of a call and of its answer.</summary>
internal static class V2Json
{
    private static readonly Dictionary<string, DataType> Types = new()
    {
        ["BOOL"] = DataType.Bool,
        ["UINT8"] = DataType.Uint8,
        ["UINT16"] = DataType.Uint16,
        ["UINT32"] = DataType.Uint32,
        ["UINT64"] = DataType.Uint64,
        ["INT8"] = DataType.Int8,
        ["INT16"] = DataType.Int16,
        ["INT32"] = DataType.Int32,
        ["INT64"] = DataType.Int64,
        ["FP16"] = DataType.Float16,
        ["FP32"] = DataType.Float,
        ["FP64"] = DataType.Double,
        ["BYTES"] = DataType.String,
    };

    private static readonly Dictionary<DataType, string> Names = Types.ToDictionary(t => t.Value, t => t.Key);

    /// <summary>Inputs and outputs of a model.</summary>
    public static (ValueInfoProto[] Inputs, ValueInfoProto[] Outputs) Metadata(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return (Tensors(json.RootElement, "inputs"), Tensors(json.RootElement, "outputs"));
    }

    /// <summary>A call of some rows for one output.</summary>
    public static byte[] Call(
        IReadOnlyList<ValueInfoProto> inputs,
        IReadOnlyDictionary<string, TensorData> rows,
        string output
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            foreach (var input in inputs)
                WriteTensor(json, input.Name, rows[input.Name]);
            json.WriteEndArray();
            json.WriteStartArray("outputs");
            json.WriteStartObject();
            json.WriteString("name", output);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An output of an answer: its shape and its numbers, row-major.</summary>
    /// <exception cref="FormatException">What is not as the protocol says, in words that go on from "its answer …".</exception>
    public static (long[] Shape, double[] Values) Answer(byte[] body, string output)
    {
        using var json = JsonDocument.Parse(body);
        if (!json.RootElement.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array)
            throw new FormatException("has no outputs");
        var tensor = outputs.EnumerateArray().FirstOrDefault(o => Text(o, "name") == output);
        if (tensor.ValueKind != JsonValueKind.Object)
            throw new FormatException($"lacks output '{output}'");
        var type = Text(tensor, "datatype");
        if (type is null || !Types.TryGetValue(type, out var element) || element is DataType.String)
            throw new FormatException($"gives output '{output}' as '{type}', which are no numbers");
        if (
            !tensor.TryGetProperty("shape", out var shape)
            || shape.ValueKind != JsonValueKind.Array
            || !tensor.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Array
        )
            throw new FormatException($"gives output '{output}' without shape or data");
        var values = new List<double>();
        Flatten(data, element, values);
        long[] dims = [.. shape.EnumerateArray().Select(d => d.GetInt64())];
        return (dims, [.. values]);
    }

    /// <summary>What the body of a refusal says, as ": message"; nothing where it says nothing.</summary>
    public static string Error(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && Text(json.RootElement, "error") is { } text
                ? $": {(text.Length > 300 ? text[..300] + "…" : text).TrimEnd('.')}"
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static ValueInfoProto[] Tensors(JsonElement root, string list)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty(list, out var tensors)
            || tensors.ValueKind != JsonValueKind.Array
            || tensors.GetArrayLength() == 0
        )
            throw new FormatException($"names no {list}");
        return [.. tensors.EnumerateArray().Select(Tensor)];
    }

    private static ValueInfoProto Tensor(JsonElement tensor)
    {
        if (tensor.ValueKind != JsonValueKind.Object || Text(tensor, "name") is not { } name)
            throw new FormatException("has a tensor without a name");
        if (Text(tensor, "datatype") is not { } type || !Types.TryGetValue(type, out var element))
            throw new FormatException($"gives '{name}' no type of the protocol");
        if (!tensor.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array)
            throw new FormatException($"gives '{name}' no shape");
        object?[] dims =
        [
            .. shape
                .EnumerateArray()
                .Select(d =>
                    d.ValueKind == JsonValueKind.Number && d.TryGetInt32(out var size) && size >= 0
                        ? (object?)size
                        : null
                ),
        ];
        if (dims is [null, ..])
            dims[0] = "batch";
        return ValueInfos.Tensor(name, element, dims);
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, TensorData tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("shape");
        foreach (var dim in tensor.Dims)
            json.WriteNumberValue(dim);
        json.WriteEndArray();
        json.WriteString("datatype", Names[tensor.Type]);
        json.WriteStartArray("data");
        WriteValues(json, tensor.Values);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, Array values)
    {
        switch (values)
        {
            case float[] v:
                foreach (var x in v)
                    json.WriteNumberValue(x);
                break;
            case double[] v:
                foreach (var x in v)
                    json.WriteNumberValue(x);
                break;
            case long[] v:
                foreach (var x in v)
                    json.WriteNumberValue(x);
                break;
            case ulong[] v:
                foreach (var x in v)
                    json.WriteNumberValue(x);
                break;
            case bool[] v:
                foreach (var x in v)
                    json.WriteBooleanValue(x);
                break;
            case string[] v:
                foreach (var x in v)
                    json.WriteStringValue(x);
                break;
            case Half[] v:
                foreach (var x in v)
                    json.WriteNumberValue((float)x);
                break;
            default:
                foreach (var x in values)
                    json.WriteNumberValue(Convert.ToInt64(x, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    // Flat or nested: the protocol allows both.
    private static void Flatten(JsonElement data, DataType type, List<double> into)
    {
        foreach (var value in data.EnumerateArray())
            switch (value.ValueKind)
            {
                case JsonValueKind.Array:
                    Flatten(value, type, into);
                    break;
                case JsonValueKind.Number:
                    // Digits of a float are its own: read as a double they would be another number.
                    into.Add(type == DataType.Float ? value.GetSingle() : value.GetDouble());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    into.Add(value.GetBoolean() ? 1 : 0);
                    break;
                default:
                    into.Add(double.NaN);
                    break;
            }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
