namespace Assay.Worlds.Truth;

/// <summary>What was planted, by name: the same in every world.</summary>
public static class PlantedTruth
{
    /// <summary>The two features that matter most overall.</summary>
    public static IReadOnlyList<string> Strongest { get; } = [WorldFeatures.Recency, WorldFeatures.Popularity];

    /// <summary>The column whose values are the segments with a driver of their own.</summary>
    public static string SegmentFeature => WorldFeatures.Region;

    /// <summary>For each such segment the feature that leads in it.</summary>
    public static IReadOnlyDictionary<string, string> Drivers { get; } =
        new Dictionary<string, string> { ["north"] = WorldFeatures.Recency, ["south"] = WorldFeatures.Popularity };

    /// <summary>Features that do nothing but follow another: the proxy and its cause.</summary>
    public static (string Proxy, string Cause) Confounded => (WorldFeatures.Badge, WorldFeatures.Popularity);

    /// <summary>Every pair of features that act together.</summary>
    public static IReadOnlyList<(string First, string Second)> Interactions { get; } =
    [
        .. TrueTerms.All.SelectMany(t =>
            t.Features.SelectMany(
                (first, i) =>
                    t
                        .Features.Skip(i + 1)
                        .Select(second => (WorldFeatures.All[first].Name, WorldFeatures.All[second].Name))
            )
        ),
    ];

    /// <summary>The names of the true logit's terms, and the features each reads.</summary>
    public static IReadOnlyList<(string Term, IReadOnlyList<string> Features)> Terms { get; } =
    [
        .. TrueTerms.All.Select(t =>
            (t.Name, (IReadOnlyList<string>)[.. t.Features.Select(f => WorldFeatures.All[f].Name)])
        ),
    ];
}
