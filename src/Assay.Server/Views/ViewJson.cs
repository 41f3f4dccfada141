using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Assay.Server;

/// <summary>How documents are written, and how the snake_case files of a run become them.</summary>
internal static class ViewJson
{
    /// <summary>camelCase, nulls written, letters of all scripts as they are.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };

    /// <summary>An element with camelCase names and rounded numbers; names that are data (hashes by file) stay.</summary>
    public static JsonNode? Camel(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new JsonObject(
                element.EnumerateObject().Select(p => KeyValuePair.Create(Camel(p.Name), Camel(p.Value)))
            ),
            JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Camel)]),
            JsonValueKind.Number => Number(element),
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            _ => JsonValue.Create(element),
        };

    private static JsonValue? Number(JsonElement element) =>
        element.TryGetInt64(out var whole) ? JsonValue.Create(whole)
        : Rounding.Of(element.GetDouble()) is { } rounded ? JsonValue.Create(rounded)
        : null;

    private static string Camel(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
            return name;
        var parts = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 2
            ? name
            : parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    /// <summary>A property; Undefined where the element is no object or has none.</summary>
    public static JsonElement At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static double? Number(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static int Whole(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var whole) ? whole : 0;

    public static bool? Flag(this JsonElement element, string name) =>
        element.At(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>The entries of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> Each(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static string[] Texts(this JsonElement element, string name) =>
        [.. element.Each(name).Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];

    public static JsonElement Optional(string path) => File.Exists(path) ? Read(path) : default;

    /// <exception cref="Assay.Onnx.AssayException">Input: the file is missing or no JSON.</exception>
    public static JsonElement Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Assay.Onnx.AssayException.Input(
                $"'{path}' cannot be read ({e.Message.Split('\n')[0].TrimEnd('.')}); run the study again.",
                e
            );
        }
    }
}
