using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>What <c>assay retrain</c> was asked to do.</summary>
internal sealed record RetrainRequest
{
    public required string Model { get; init; }
    public required string Dictionary { get; init; }
    public required string Train { get; init; }
    public required string Valid { get; init; }
    public string? Test { get; init; }
    public required string Label { get; init; }
    public required string Out { get; init; }
    public IReadOnlyList<string> Drop { get; init; } = [];
    public bool ShuffleLabels { get; init; }
    public double OovDropout { get; init; }
    public required RetrainOptions Options { get; init; }

    /// <summary>The result beside the model.</summary>
    public string Result => Path.ChangeExtension(Out, ".json");
}
