namespace Assay.Studies;

/// <summary>What "without the feature" means in a study.</summary>
public enum BaselineKind
{
    /// <summary>Lookups return zero, numbers become 0 (behind the model's own preprocessing: usually their mean).</summary>
    Zero,

    /// <summary>The dictionary's replacement values: padding or out-of-vocabulary ids, given numbers.</summary>
    Padding,

    /// <summary>The mean of what lookups return and of numbers, over rows of the explained split.</summary>
    Mean,

    /// <summary>For each row another row, drawn from the explained split.</summary>
    Data,

    /// <summary>A row given in a JSON file, of the shape <c>assay explain --baseline</c> takes.</summary>
    File,
}

/// <summary>The baseline of a study and, for <see cref="BaselineKind.File"/>, its file.</summary>
public sealed record BaselineDefinition(BaselineKind Kind, string? Path = null)
{
    /// <summary>The baseline's name in results.</summary>
    public string Name =>
        Kind == BaselineKind.File ? $"file:{System.IO.Path.GetFileName(Path)}" : Kind.ToString().ToLowerInvariant();

    internal static BaselineDefinition Read(YamlMap root, string folder)
    {
        if (root.IsMap("baseline"))
            return OfFile(root.Map("baseline")!, folder);
        return root.Choice("baseline", Names) is { } name
            ? new(Enum.Parse<BaselineKind>(name, ignoreCase: true))
            : new(BaselineKind.Zero);
    }

    /// <summary>A list of baselines: names, or <c>{file: row.json}</c>.</summary>
    internal static IReadOnlyList<BaselineDefinition> ReadList(YamlMap map, string key, string folder)
    {
        var all = map.Maps(key, "name").Select(m => m.Has("file") ? OfFile(m, folder) : Named(m)).ToArray();
        return all.GroupBy(b => b.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw map.ErrorAt(key, $"the baseline '{twice.Key}' is named twice")
            : all;
    }

    private static BaselineDefinition Named(YamlMap map)
    {
        var name = map.RequiredText("name");
        map.RejectOthers();
        return Names.Contains(name)
            ? new(Enum.Parse<BaselineKind>(name, ignoreCase: true))
            : throw map.ErrorAt(
                "name",
                $"there is no baseline '{name}'.{Nearest.Hint(name, Names)} Known: {string.Join(", ", Names)} and {{file: row.json}}"
            );
    }

    private static BaselineDefinition OfFile(YamlMap map, string folder)
    {
        var file = map.RequiredText("file");
        map.RejectOthers();
        return new(BaselineKind.File, System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, file)));
    }

    private static readonly string[] Names = ["zero", "padding", "mean", "data"];
}
