namespace Assay.Studies;

/// <summary>The key <c>search</c> of study.yaml: for the segments in which reliance differs most from elsewhere.</summary>
public sealed record SearchDefinition
{
    /// <summary>Whether to search.</summary>
    public bool Asked { get; init; }

    /// <summary>The dimensions to search; empty: all that the study declares and that cross no others.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>Whether two dimensions at once are searched too.</summary>
    public bool Crosses { get; init; } = true;

    /// <summary>How many found differences are taken to the other half of the clusters, for each way of measuring.</summary>
    public int Most { get; init; } = 10;

    internal static SearchDefinition Read(YamlMap root)
    {
        if (!root.IsMap("search"))
            return new() { Asked = root.Choice("search", "true", "false") == "true" };
        var map = root.Map("search")!;
        var definition = new SearchDefinition
        {
            Asked = true,
            Dimensions = map.Texts("dimensions") ?? [],
            Crosses = map.Choice("crosses", "true", "false") != "false",
            Most = map.Integer("most", 1, 1000) ?? 10,
        };
        map.RejectOthers();
        return definition;
    }

    internal void Check(YamlMap root, IReadOnlyList<SegmentDefinition> segments)
    {
        if (Asked && segments.Count == 0)
            throw root.ErrorAt("search", "'search' needs 'segments' to search");
        if (Dimensions.FirstOrDefault(d => !segments.Any(s => s.Name == d && s.Kind != SegmentKind.Cross)) is { } name)
            throw root.ErrorAt(
                "search",
                $"'dimensions' names '{name}', which is no dimension of 'segments' that crosses no others"
            );
    }
}
