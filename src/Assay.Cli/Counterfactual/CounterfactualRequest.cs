using Assay.Attribution.BlackBoxes;
using Assay.Attribution.Counterfactuals;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Gradients;

namespace Assay.Cli.Counterfactual;

/// <summary>What <c>assay counterfactual</c> was asked.</summary>
internal sealed record CounterfactualRequest
{
    public const string History = "history";
    public const string Features = "features";

    public required string Model { get; init; }

    /// <summary>How the model is called, if it stands behind an address.</summary>
    public ServiceSettings? Service { get; init; }

    public required string Dictionary { get; init; }

    public required string Data { get; init; }

    public required RowRange Rows { get; init; }

    /// <summary>The column of the request's key; null where no list is looked at.</summary>
    public string? Request { get; init; }

    /// <summary>The candidate is in while it is among so many.</summary>
    public int? Top { get; init; }

    /// <summary>The candidate is in while its score is at least this.</summary>
    public double? Below { get; init; }

    /// <summary>history, features, or the name of a sequence.</summary>
    public string Over { get; init; } = History;

    /// <summary>padding, or a file with one row.</summary>
    public string Baseline { get; init; } = "padding";

    public string? Groups { get; init; }

    public string? Head { get; init; }

    public Space Space { get; init; } = Space.Logit;

    public int References { get; init; } = 64;

    public ulong Seed { get; init; } = 1;

    public ResultFormat Format { get; init; }

    public string? Out { get; init; }

    public CounterfactualSettings Search { get; init; } = new();
}
