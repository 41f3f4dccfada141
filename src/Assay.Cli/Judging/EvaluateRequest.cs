using Assay.Attribution.Judging;
using Assay.Cli.Input;

namespace Assay.Cli.Judging;

/// <summary>How the judge's tables are written.</summary>
internal enum TableFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For documents.</summary>
    Markdown,
}

/// <summary>What <c>assay evaluate</c> was asked.</summary>
internal sealed record EvaluateRequest
{
    public required string Model { get; init; }

    public string? Tensors { get; init; }

    public string? Dictionary { get; init; }

    public string? Data { get; init; }

    public RowRange Rows { get; init; } = RowRange.All;

    public string Baseline { get; init; } = "zero";

    public string? Groups { get; init; }

    public string? Background { get; init; }

    /// <summary>How many of the rows are judged.</summary>
    public int Sample { get; init; } = 64;

    public TableFormat Format { get; init; }

    public string? Out { get; init; }

    /// <summary>Everything but the baseline, which needs the model to be read.</summary>
    public required JudgeSettings Settings { get; init; }
}
