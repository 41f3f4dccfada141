using Assay.Attribution;
using Assay.Attribution.BlackBoxes;
using Assay.Cli.Input;
using Assay.Cli.Ranking;
using Assay.Cli.Sequences;

namespace Assay.Cli.Commands;

/// <summary>How results are written.</summary>
internal enum ResultFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON object a row.</summary>
    Jsonl,

    /// <summary>A Parquet file, one row per row and feature.</summary>
    Parquet,
}

/// <summary>What <c>assay explain</c> was asked.</summary>
internal sealed record ExplainRequest
{
    public required string Model { get; init; }

    /// <summary>How the model is called, if it stands behind an address.</summary>
    public ServiceSettings? Service { get; init; }

    public string? Tensors { get; init; }

    public string? Dictionary { get; init; }

    public string? Data { get; init; }

    public RowRange Rows { get; init; } = RowRange.All;

    public string Baseline { get; init; } = "zero";

    public string? Groups { get; init; }

    public string? Background { get; init; }

    /// <summary>A target beyond one score, if there is one.</summary>
    public RankingRequest? Ranking { get; init; }

    /// <summary>What is asked of sequences, if anything is.</summary>
    public SequenceRequest? Sequences { get; init; }

    public ResultFormat Format { get; init; }

    public string? Out { get; init; }

    /// <summary>Everything but the baseline, which needs the model to be read.</summary>
    public required ExplainSettings Settings { get; init; }
}
