using System.Globalization;
using Assay.Onnx;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Assay.Studies;

/// <summary>
/// A mapping of a YAML (or JSON) file that remembers which keys were asked for, so that whatever remains is a mistake
/// of the author's. Errors name file and line.
/// </summary>
internal sealed class YamlMap
{
    private readonly YamlMappingNode node;
    private readonly string where;
    private readonly HashSet<string> known = [];

    private YamlMap(string file, string where, YamlMappingNode node)
    {
        File = file;
        this.where = where;
        this.node = node;
    }

    /// <summary>The file this came from.</summary>
    public string File { get; }

    /// <summary>The keys in file order.</summary>
    public IEnumerable<string> Keys => node.Children.Keys.Select(Scalar);

    /// <summary>Reads a file whose root is a mapping; <paramref name="what"/> names it in errors ("study", …).</summary>
    public static YamlMap Load(string file, string what)
    {
        if (!System.IO.File.Exists(file))
            throw AssayException.Input($"The {what} '{file}' does not exist.");
        try
        {
            using var reader = new StreamReader(file);
            return Parse(reader, file, what);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"The {what} '{file}' cannot be read: {e.Message}", e);
        }
    }

    internal static YamlMap Parse(TextReader reader, string file, string what)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            var line = e.Message.Split('\n')[0];
            throw AssayException.Input($"The {what} '{file}' is not valid YAML at line {e.Start.Line}: {line}", e);
        }
        return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
            ? new YamlMap(file, "", root)
            : throw AssayException.Input($"The {what} '{file}' must be a mapping of keys to values.");
    }

    /// <summary>Whether the key is there with a value other than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the value under the key is itself a mapping.</summary>
    public bool IsMap(string key) => Find(key) is YamlMappingNode;

    /// <summary>Whether the value under the key is a list.</summary>
    public bool IsList(string key) => Find(key) is YamlSequenceNode;

    /// <summary>A text, or null where absent.</summary>
    public string? Text(string key) =>
        Find(key) switch
        {
            null => null,
            YamlScalarNode s => s.Value,
            var n => throw Error($"'{key}' must be one value, not a list or a mapping", n),
        };

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string key) => Text(key) ?? throw Error($"'{key}' is missing; add it");

    /// <summary>A whole number, or null where absent.</summary>
    public long? Integer(string key) =>
        Text(key) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw Error($"'{key}' must be a whole number, not '{text}'", Find(key));

    /// <summary>A whole number within bounds, or null where absent.</summary>
    public int? Integer(string key, int least, int most = int.MaxValue)
    {
        if (Integer(key) is not { } value)
            return null;
        return value >= least && value <= most
            ? (int)value
            : throw Error(
                most == int.MaxValue
                    ? $"'{key}' must be at least {least}, not {value}"
                    : $"'{key}' must lie between {least} and {most}, not {value}",
                Find(key)
            );
    }

    /// <summary>A finite number, or null where absent.</summary>
    public double? Number(string key) =>
        Text(key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
        : throw Error($"'{key}' must be a number, not '{text}'", Find(key));

    /// <summary>A list of texts; one value counts as a list of one; null where absent.</summary>
    public IReadOnlyList<string>? Texts(string key) =>
        Find(key) switch
        {
            null => null,
            YamlScalarNode s => [s.Value ?? ""],
            YamlSequenceNode list =>
            [
                .. list.Children.Select(n =>
                    n is YamlScalarNode s ? s.Value ?? "" : throw Error($"'{key}' must list plain values", n)
                ),
            ],
            var n => throw Error($"'{key}' must be a list", n),
        };

    /// <summary>A list of finite numbers, or null where absent.</summary>
    public IReadOnlyList<double>? Numbers(string key) =>
        Texts(key)
            ?.Select(t =>
                double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v)
                    ? v
                    : throw Error($"'{key}' must list numbers, not '{t}'", Find(key))
            )
            .ToArray();

    /// <summary>A list of whole numbers, or null where absent.</summary>
    public IReadOnlyList<int>? Integers(string key) =>
        Texts(key)
            ?.Select(t =>
                int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v)
                    ? v
                    : throw Error($"'{key}' must list whole numbers, not '{t}'", Find(key))
            )
            .ToArray();

    /// <summary>One of the given words, or null where absent.</summary>
    public string? Choice(string key, params string[] choices)
    {
        if (Text(key) is not { } text)
            return null;
        return choices.Contains(text)
            ? text
            : throw Error($"'{key}' must be one of {string.Join(", ", choices)}, not '{text}'", Find(key));
    }

    /// <summary>The mapping under a key, or null where absent.</summary>
    public YamlMap? Map(string key) =>
        Find(key) switch
        {
            null => null,
            YamlMappingNode m => Child(key, m),
            var n => throw Error($"'{key}' must be a mapping", n),
        };

    /// <summary>The mappings listed under a key; a plain text in the list becomes a mapping with that text under <paramref name="shorthand"/>.</summary>
    public IReadOnlyList<YamlMap> Maps(string key, string? shorthand = null)
    {
        var found = Find(key);
        if (found is null)
            return [];
        if (found is not YamlSequenceNode list)
            throw Error($"'{key}' must be a list", found);
        return
        [
            .. list.Children.Select(
                (n, i) =>
                    n switch
                    {
                        YamlMappingNode m => Child($"{key}[{i}]", m),
                        YamlScalarNode s when shorthand is not null => Child(
                            $"{key}[{i}]",
                            new YamlMappingNode { { new YamlScalarNode(shorthand), s } }
                        ),
                        _ => throw Error($"each entry of '{key}' must be a mapping", n),
                    }
            ),
        ];
    }

    /// <summary>Throws if a key is there that nobody asked for, suggesting the nearest that exists.</summary>
    public void RejectOthers()
    {
        foreach (var (keyNode, _) in node.Children)
        {
            var key = Scalar(keyNode);
            if (!known.Contains(key))
                throw Error(
                    $"unknown key '{key}'.{Nearest.Hint(key, known)} Known: {string.Join(", ", known)}",
                    keyNode
                );
        }
    }

    /// <summary>An error at this mapping, or at a node inside it.</summary>
    public AssayException Error(string message, YamlNode? at = null)
    {
        var line = (at ?? node).Start.Line;
        var place = where.Length > 0 ? $" {where}:" : "";
        return AssayException.Input($"{File}{(line > 0 ? $" line {line}" : "")}:{place} {message.TrimEnd('.')}.");
    }

    /// <summary>An error at the value of a key.</summary>
    public AssayException ErrorAt(string key, string message) => Error(message, Find(key));

    /// <summary>This mapping under a better name for errors.</summary>
    public YamlMap Named(string name) => new(File, name, node);

    private YamlMap Child(string key, YamlMappingNode child) =>
        new(File, where.Length == 0 ? key : $"{where}.{key}", child);

    private YamlNode? Find(string key)
    {
        known.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var found) && !IsNull(found) ? found : null;
    }

    private static bool IsNull(YamlNode found) =>
        found is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private static string Scalar(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();
}
