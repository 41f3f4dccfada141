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
        {
            var map = root.Map("baseline")!;
            var file = map.RequiredText("file");
            map.RejectOthers();
            return new(BaselineKind.File, System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, file)));
        }
        return root.Choice("baseline", "zero", "padding", "mean", "data") is { } name
            ? new(Enum.Parse<BaselineKind>(name, ignoreCase: true))
            : new(BaselineKind.Zero);
    }
}
