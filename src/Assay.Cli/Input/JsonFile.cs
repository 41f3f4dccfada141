using System.Text.Json;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>Reads a JSON file whose root is an object; errors name the file, line and byte.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static JsonDocument Open(string path, string what)
    {
        if (!File.Exists(path))
            throw AssayException.Input($"There is no {what} file '{path}'; correct the path.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
        }
        catch (JsonException e)
        {
            throw AssayException.Input($"'{path}' is not JSON{Place(e)}: {Reason(e)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"'{path}' cannot be read: {e.Message}", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw AssayException.Input($"'{path}' holds no object at its root; a {what} file maps names to values.");
    }

    /// <summary>What an element is, in the words of JSON.</summary>
    public static string Kind(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"the text '{element.GetString()}'",
            JsonValueKind.Null => "null",
            _ => element.GetRawText(),
        };

    private static string Place(JsonException e) =>
        e.LineNumber is { } line ? $", line {line + 1}, byte {e.BytePositionInLine + 1}" : "";

    // The parser's message repeats the place at its end; a bare NaN is the likeliest cause and deserves a word.
    private static string Reason(JsonException e)
    {
        var text = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.', ' ');
        return text.StartsWith("'N'", StringComparison.Ordinal) || text.StartsWith("'I'", StringComparison.Ordinal)
            ? text + " (NaN and infinity cannot be given: fill missing values first)"
            : text;
    }
}
