using Assay.Attribution.Interactions;
using Assay.Cli.Input;

namespace Assay.Cli.Interactions;

/// <summary>How interactions are written.</summary>
internal enum InteractionsFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON object a row explained, or a set of features where a population was measured.</summary>
    Jsonl,

    /// <summary>The ranking as one JSON document.</summary>
    Json,
}

/// <summary>What <c>assay interactions</c> was asked.</summary>
internal sealed record InteractionsRequest
{
    public required string Model { get; init; }

    public string? Tensors { get; init; }

    public string? Dictionary { get; init; }

    public string? Data { get; init; }

    public RowRange Rows { get; init; } = RowRange.All;

    public string Baseline { get; init; } = "zero";

    public string? Groups { get; init; }

    public string? Background { get; init; }

    public string? Cluster { get; init; }

    /// <summary>Sets to show.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Rows of a method of rows to use, spread evenly over those given.</summary>
    public int RowSample { get; init; } = 100;

    public InteractionsFormat Format { get; init; }

    public string? Out { get; init; }

    /// <summary>Everything but the baseline and background, which need the model to be read.</summary>
    public required InteractionSettings Settings { get; init; }
}
