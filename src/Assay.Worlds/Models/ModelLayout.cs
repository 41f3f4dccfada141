namespace Assay.Worlds.Models;

/// <summary>Which input and column of the model holds which feature.</summary>
internal static class ModelLayout
{
    public const string Ids = "ids",
        Dense = "dense",
        History = "history",
        Logit = "logit",
        Probability = "probability";

    /// <summary>The columns of "ids".</summary>
    public static IReadOnlyList<WorldFeature> Categorical { get; } =
    [.. WorldFeatures.All.Where(f => f.Kind == FeatureKind.Categorical)];

    /// <summary>The columns of "dense".</summary>
    public static IReadOnlyList<WorldFeature> Numeric { get; } =
    [.. WorldFeatures.All.Where(f => f.Kind == FeatureKind.Numeric)];

    /// <summary>What "history" holds.</summary>
    public static WorldFeature Sequence { get; } = WorldFeatures.All.Single(f => f.Kind == FeatureKind.Sequence);

    /// <summary>The initialiser of a feature's table; the history shares that of the category.</summary>
    public static string Embedding(WorldFeature feature) =>
        $"emb.{(feature == Sequence ? WorldFeatures.Category : feature.Name)}.weight";

    /// <summary>The initialiser of a feature's first-order weights.</summary>
    public static string FirstOrder(WorldFeature feature) => $"first.{feature.Name}.weight";
}
