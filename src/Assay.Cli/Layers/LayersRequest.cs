using Assay.Cli.Input;
using Assay.Gradients;

namespace Assay.Cli.Layers;

/// <summary>What <c>assay layers</c> was asked.</summary>
internal sealed record LayersRequest
{
    public required string Model { get; init; }

    public string? Dictionary { get; init; }

    /// <summary>The rows; null to list the layers alone.</summary>
    public string? Data { get; init; }

    public string? Label { get; init; }

    public string? Cluster { get; init; }

    public RowRange Rows { get; init; } = RowRange.All;

    public int Sample { get; init; }

    public int FlowRows { get; init; }

    public int Steps { get; init; }

    public string? Head { get; init; }

    public Space Space { get; init; }

    public string Baseline { get; init; } = "mean";

    public ulong Seed { get; init; }

    public bool Json { get; init; }

    public string? Out { get; init; }
}
