using Assay.Attribution;

namespace Assay.Cli.Compiling;

/// <summary>What <c>assay compile</c> was asked.</summary>
internal sealed record CompileRequest
{
    public required string Model { get; init; }

    public required string Out { get; init; }

    public string? Tensors { get; init; }

    public string? Dictionary { get; init; }

    public string? Data { get; init; }

    public string Baseline { get; init; } = "zero";

    public string? Groups { get; init; }

    public int? TopK { get; init; }

    public bool Gap { get; init; } = true;

    /// <summary>Scale of each feature of a treatment; empty where explanations are wanted.</summary>
    public IReadOnlyDictionary<string, double> Scales { get; init; } = new Dictionary<string, double>();

    /// <summary>Everything but the baseline, which needs the model to be read.</summary>
    public required ExplainSettings Settings { get; init; }
}
