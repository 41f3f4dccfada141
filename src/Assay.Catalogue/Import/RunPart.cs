using System.Text.Json;
using Assay.Onnx;

namespace Assay.Catalogue;

/// <summary>
/// An element of a file of a run, which says where it is when it is not as expected. What another version of the software
/// left out reads as null; what has the wrong form is an error.
/// </summary>
internal readonly record struct RunPart(string File, string Place, JsonElement Element)
{
    public RunPart? Child(string name) =>
        Element.ValueKind != JsonValueKind.Object ? throw Wrong("an object")
        : Element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null
            ? new RunPart(File, Place.Length == 0 ? name : $"{Place}.{name}", child)
        : null;

    public IEnumerable<RunPart> List(string name)
    {
        if (Child(name) is not { } list)
            yield break;
        if (list.Element.ValueKind != JsonValueKind.Array)
            throw list.Wrong("a list");
        var i = 0;
        foreach (var element in list.Element.EnumerateArray())
            yield return new(File, $"{list.Place}[{i++}]", element);
    }

    public string? Text(string name) => Child(name)?.AsText();

    public string Needed(string name, int longest)
    {
        var text = Text(name);
        if (string.IsNullOrEmpty(text))
            throw Error($"has no '{name}'");
        return text.Length <= longest ? text : throw Error($"has a '{name}' of more than {longest} characters");
    }

    /// <summary>A number; null where it is none (null, or a name of infinity).</summary>
    public double? Number(string name) =>
        Child(name) is { Element.ValueKind: JsonValueKind.Number } number
        && number.Element.TryGetDouble(out var value)
        && double.IsFinite(value)
            ? value
            : null;

    public bool? Flag(string name) =>
        Child(name)?.Element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    public string[] Texts(string name) => [.. List(name).Select(t => t.AsText())];

    /// <summary>The element as the file has it.</summary>
    public string Raw() => Clean(Element.GetRawText());

    public AssayException Error(string what) =>
        AssayException.Input($"'{File}'{(Place.Length == 0 ? "" : $" at {Place}")} {what}; run the study again.");

    public string AsText()
    {
        if (Element.ValueKind != JsonValueKind.String)
            throw Wrong("text");
        try
        {
            return Clean(Element.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw Error("holds half a character");
        }
    }

    private AssayException Wrong(string expected) => Error($"is not {expected}");

    // PostgreSQL keeps no NUL.
    private static string Clean(string text) => text.Replace('\0', '\uFFFD');
}
