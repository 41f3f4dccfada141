using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Attribution.Layers;

/// <summary>How layers are studied.</summary>
public sealed record LayerStudySettings
{
    /// <summary>The head, NAME or NAME[k]; null for column 0 of the first output.</summary>
    public string? Head { get; init; }

    /// <summary>Logit or probability.</summary>
    public Space Space { get; init; } = Space.Logit;

    /// <summary>Where paths start; null for the mean over the rows.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>How many rows' paths are followed.</summary>
    public int FlowRows { get; init; } = 256;

    /// <summary>Intervals of a path.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>Seed of the split, the controls and the permutations.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Rows to study layers on.</summary>
/// <param name="Rows">Graph inputs by name, the first dimension counting rows.</param>
/// <param name="Labels">A label for each row, 0 or 1; empty where there are none.</param>
/// <param name="Clusters">The cluster of each row, from 0; empty where each row is its own.</param>
public sealed record LayerStudyRows(
    IReadOnlyDictionary<string, TensorData> Rows,
    IReadOnlyList<double> Labels,
    IReadOnlyList<int> Clusters
);
