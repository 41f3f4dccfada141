using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What <c>effects.json</c> holds: <c>effects:</c> in a <c>study.yaml</c>.</summary>
public sealed record EffectsDefinition
{
    /// <summary>The features; empty: all.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The dimension whose segments have effects of their own; null: none.</summary>
    public string? Segments { get; init; }

    /// <summary>Whether partial dependence is among them.</summary>
    public bool Pdp { get; init; } = true;

    /// <summary>Whether accumulated local effects are among them.</summary>
    public bool Ale { get; init; } = true;

    /// <summary>Steps between the values of a number.</summary>
    public int Grid { get; init; } = 20;

    /// <summary>Levels of a category that are told apart.</summary>
    public int Levels { get; init; } = 12;

    /// <summary>Rows sampled.</summary>
    public int Rows { get; init; } = 10_000;

    internal static EffectsDefinition? Read(YamlMap root)
    {
        if (!root.IsMap("effects"))
            return root.Choice("effects", "true", "false") == "true" ? new() : null;
        var map = root.Map("effects")!;
        var kinds = map.Texts("kinds") ?? ["pdp", "ale"];
        if (kinds.Count == 0 || kinds.FirstOrDefault(k => k is not ("pdp" or "ale")) is not null)
            throw map.ErrorAt("kinds", "'kinds' lists pdp, ale or both");
        var definition = new EffectsDefinition
        {
            Features = map.Texts("features") ?? [],
            Segments = map.Text("segments"),
            Pdp = kinds.Contains("pdp"),
            Ale = kinds.Contains("ale"),
            Grid = map.Integer("grid", 2, 100) ?? 20,
            Levels = map.Integer("levels", 2, 100) ?? 12,
            Rows = map.Integer("rows", 100, 1_000_000) ?? 10_000,
        };
        map.RejectOthers();
        return definition;
    }

    internal void Check(YamlMap root, IReadOnlyList<SegmentDefinition> segments)
    {
        if (Segments is { } dimension && segments.All(s => s.Name != dimension))
            throw root.ErrorAt(
                "effects",
                $"'segments' of effects names '{dimension}', which is no dimension of the study.{Nearest.Hint(dimension, segments.Select(s => s.Name))}"
            );
    }

    internal void Check(StudyDefinition study, FeatureDictionary dictionary)
    {
        foreach (var feature in Features)
            if (dictionary.Features.All(f => f.Name != feature))
                throw AssayException.Input(
                    $"The study '{study.Name}': 'effects' names the feature '{feature}', which the dictionary does not have.{Nearest.Hint(feature, dictionary.Features.Select(f => f.Name))}"
                );
    }
}

/// <summary>What <c>layers.json</c> is made from: <c>layers:</c> in a <c>study.yaml</c>.</summary>
public sealed record LayersDefinition
{
    /// <summary>Rows sampled, half of which are kept for measuring.</summary>
    public int Rows { get; init; } = 8192;

    /// <summary>Rows whose paths are followed.</summary>
    public int FlowRows { get; init; } = 256;

    /// <summary>Intervals of a path.</summary>
    public int Steps { get; init; } = 16;

    internal static LayersDefinition? Read(YamlMap root)
    {
        if (!root.IsMap("layers"))
            return root.Choice("layers", "true", "false") == "true" ? new() : null;
        var map = root.Map("layers")!;
        var definition = new LayersDefinition
        {
            Rows = map.Integer("rows", 128, 1 << 20) ?? 8192,
            FlowRows = map.Integer("flow_rows", 16, 1 << 16) ?? 256,
            Steps = map.Integer("steps", 1, 1024) ?? 16,
        };
        map.RejectOthers();
        return definition;
    }
}

/// <summary>What <c>evaluation.json</c> is made from: <c>evaluation:</c> in a <c>study.yaml</c>.</summary>
public sealed record EvaluationDefinition
{
    /// <summary>Rows judged, one of each cluster.</summary>
    public int Rows { get; init; } = 64;

    /// <summary>The methods besides the random control; empty: the study's, and cheap ones to compare with.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    internal static EvaluationDefinition? Read(YamlMap root)
    {
        if (!root.IsMap("evaluation"))
            return root.Choice("evaluation", "true", "false") == "true" ? new() : null;
        var map = root.Map("evaluation")!;
        var definition = new EvaluationDefinition
        {
            Rows = map.Integer("rows", 8, 4096) ?? 64,
            Methods = map.Texts("methods") ?? [],
        };
        map.RejectOthers();
        string[] judged = [.. MethodRegistry.All.Where(m => m.PerRow && m.Layer == LayerUse.None).Select(m => m.Id)];
        foreach (var method in definition.Methods)
            if (!judged.Contains(method))
                throw map.ErrorAt(
                    "methods",
                    $"'{method}' is no method that explains rows by features.{Nearest.Hint(method, judged)}"
                );
        return definition;
    }
}
