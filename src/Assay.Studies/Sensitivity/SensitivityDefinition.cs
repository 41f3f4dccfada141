namespace Assay.Studies;

/// <summary>Which other baselines and settings a study's per-row methods are tried with: <c>sensitivity:</c> in a <c>study.yaml</c>.</summary>
public sealed record SensitivityDefinition
{
    /// <summary>Other baselines; null: all that apply to the study.</summary>
    public IReadOnlyList<BaselineDefinition>? Baselines { get; init; }

    /// <summary>Other numbers of steps of path methods; null: half and twice their own.</summary>
    public IReadOnlyList<int>? Steps { get; init; }

    /// <summary>Other places where numbers enter: raw, preprocessed.</summary>
    public IReadOnlyList<string> At { get; init; } = [];

    /// <summary>Other budgets of sampled methods, in evaluations a row.</summary>
    public IReadOnlyList<int> Budgets { get; init; } = [];

    /// <summary>Other spaces: logit, probability.</summary>
    public IReadOnlyList<string> Spaces { get; init; } = [];

    internal static SensitivityDefinition? Read(YamlMap root, string folder)
    {
        if (!root.IsMap("sensitivity"))
            return root.Choice("sensitivity", "true", "false") == "true" ? new() : null;
        var map = root.Map("sensitivity")!;
        var settings = map.Map("settings");
        var definition = new SensitivityDefinition
        {
            Baselines = BaselineDefinition.ReadList(map, "baselines", folder),
            Steps = Counts(settings, "steps", 4096),
            At = Words(settings, "at", "preprocessed", "raw"),
            Budgets = Counts(settings, "budget", int.MaxValue),
            Spaces = Words(map, "spaces", "logit", "probability"),
        };
        settings?.RejectOthers();
        map.RejectOthers();
        return definition is { Baselines.Count: 0, Steps.Count: 0, At.Count: 0, Budgets.Count: 0, Spaces.Count: 0 }
            ? throw root.ErrorAt(
                "sensitivity",
                "'sensitivity' varies nothing; give baselines, settings {steps, at, budget} or spaces, or write sensitivity: true"
            )
            : definition;
    }

    private static IReadOnlyList<int> Counts(YamlMap? map, string key, int most)
    {
        var all = map?.Integers(key) ?? [];
        return all.FirstOrDefault(n => n < 1 || n > most, 1) is var wrong && (wrong < 1 || wrong > most)
            ? throw map!.ErrorAt(key, $"'{key}' must lie between 1 and {most}, not {wrong}")
            : [.. all.Distinct()];
    }

    private static IReadOnlyList<string> Words(YamlMap? map, string key, params string[] known)
    {
        var all = map?.Texts(key) ?? [];
        return all.FirstOrDefault(w => !known.Contains(w)) is { } wrong
            ? throw map!.ErrorAt(
                key,
                $"'{key}' must list {string.Join(", ", known)}, not '{wrong}'.{Nearest.Hint(wrong, known)}"
            )
            : [.. all.Distinct()];
    }
}
