namespace Assay.Studies;

/// <summary>What a study asks about differences between its segments: the key <c>heterogeneity</c> of study.yaml.</summary>
public sealed record HeterogeneityDefinition
{
    /// <summary>Whether differences are tested; by default where there are segments.</summary>
    public bool Asked { get; init; } = true;

    internal static HeterogeneityDefinition Read(YamlMap root) =>
        new() { Asked = root.Choice("heterogeneity", "true", "false") != "false" };
}
