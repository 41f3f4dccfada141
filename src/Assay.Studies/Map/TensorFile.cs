using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Rows in a JSON file that maps each graph input to a nested array.</summary>
internal static class TensorFile
{
    public static IReadOnlyDictionary<string, TensorData> Read(string path, IReadOnlyList<BoundInput> inputs)
    {
        JsonElement root;
        try
        {
            root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"Baseline file '{path}' cannot be read: {e.Message.Split('\n')[0]}", e);
        }
        var feeds = new Dictionary<string, TensorData>();
        foreach (var input in inputs)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(input.Name, out var found))
                throw AssayException.Input($"Baseline file '{path}' has no input '{input.Name}'; add it.");
            var numbers = new List<double>();
            Flatten(found, numbers, path, input.Name);
            if (numbers.Count == 0 || numbers.Count % input.Elements != 0)
                throw AssayException.Input(
                    $"Baseline file '{path}': input '{input.Name}' has {numbers.Count} numbers, not a multiple of {input.Elements}."
                );
            var dims = new long[] { numbers.Count / input.Elements };
            feeds[input.Name] = TensorData.From(numbers.ToArray(), [.. dims, .. input.RowDims]).Cast(input.Type);
        }
        return feeds;
    }

    private static void Flatten(JsonElement element, List<double> into, string path, string input)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var child in element.EnumerateArray())
                Flatten(child, into, path, input);
        else if (element.ValueKind == JsonValueKind.Number)
            into.Add(element.GetDouble());
        else
            throw AssayException.Input(
                $"Baseline file '{path}': input '{input}' holds {element.ValueKind}, not numbers."
            );
    }
}
