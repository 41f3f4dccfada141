using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Something that may stand behind importances: the position shown, popularity, price.</summary>
public sealed record ConfounderDefinition
{
    internal const string Conditioned = "conditioned:";
    internal const string Stratified = "stratified:";
    internal const string Weighted = "weighted:";
    private const string Prefix = "confounder:";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The feature that it is; null: a column of the data.</summary>
    public string? Feature { get; init; }

    /// <summary>The column that it is; null: a feature.</summary>
    public string? Column { get; init; }

    /// <summary>How it is held: condition, stratify, weight.</summary>
    public IReadOnlyList<string> By { get; init; } = ["condition", "stratify"];

    /// <summary>Bins of equal size into which numbers are cut; null: 20 for features, the values themselves for columns.</summary>
    public int? Bins { get; init; }

    /// <summary>A column with each row's probability of having been logged (shown); null: weights from counts.</summary>
    public string? Propensity { get; init; }

    /// <summary>The largest weight, in mean weights.</summary>
    public double Clip { get; init; } = 20;

    /// <summary>Whether values are exchanged within its strata.</summary>
    internal bool IsHeld => By.Contains("condition") || By.Contains("stratify");

    /// <summary>The dimension of its column among the prepared segments.</summary>
    internal string Dimension => Prefix + Name;

    /// <summary>The segment that its column is prepared as, not reported.</summary>
    internal SegmentDefinition? Hidden =>
        Column is null
            ? null
            : new()
            {
                Name = Dimension,
                Kind = Bins is null ? SegmentKind.Column : SegmentKind.Quantiles,
                Column = Column,
                Quantiles = Bins ?? 0,
            };

    internal static bool IsHidden(string dimension) => dimension.StartsWith(Prefix, StringComparison.Ordinal);

    internal static IReadOnlyList<ConfounderDefinition> Read(YamlMap root) =>
        root.Map("confounders") is { } map ? [.. map.Keys.Select(k => One(map, k))] : [];

    private static ConfounderDefinition One(YamlMap map, string name)
    {
        if (!map.IsMap(name))
            return new() { Name = name, Feature = map.Text(name) ?? name };
        var part = map.Map(name)!;
        var definition = new ConfounderDefinition
        {
            Name = name,
            Feature = part.Text("feature"),
            Column = part.Text("column"),
            By = part.Texts("by") ?? ["condition", "stratify"],
            Bins = part.Integer("bins", 2, 200),
            Propensity = part.Text("propensity"),
            Clip = part.Number("clip") ?? 20,
        };
        part.RejectOthers();
        if (definition is { Feature: null, Column: null } or { Feature: not null, Column: not null })
            throw part.Error("give one of feature and column");
        if (definition.By.FirstOrDefault(b => b is not ("condition" or "stratify" or "weight")) is { } other)
            throw part.ErrorAt("by", $"'{other}' is none of condition, stratify, weight");
        if (definition.Propensity is not null && !definition.By.Contains("weight"))
            throw part.ErrorAt("propensity", "a propensity is used by 'weight'; add it to 'by'");
        if (!(definition.Clip >= 1))
            throw part.ErrorAt("clip", "'clip' is at least 1, in mean weights");
        return definition;
    }

    /// <summary>Refuses features that do not exist, and studies without an importance to adjust.</summary>
    /// <exception cref="AssayException">Input: what is missing.</exception>
    internal void Check(StudyDefinition study, FeatureDictionary dictionary)
    {
        var known = dictionary.Features.Select(f => f.Name).ToArray();
        if (Feature is { } feature && !known.Contains(feature))
            throw AssayException.Input(
                $"The study's confounder '{Name}' is the feature '{feature}', which the dictionary does not have.{Nearest.Hint(feature, known)}"
            );
        if (study.Methods.All(m => m.Id != Exchange.Permutation))
            throw AssayException.Input(
                $"The study declares the confounder '{Name}' but not the method 'permutation', whose importances it adjusts; add it to 'methods'."
            );
    }
}
