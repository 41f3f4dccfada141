using Assay.Attribution.Effects;
using Assay.Cli.Input;
using Assay.Gradients;

namespace Assay.Cli.Effects;

/// <summary>How effects are written.</summary>
internal enum EffectsFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One line a position.</summary>
    Csv,
}

/// <summary>What <c>assay effects</c> was asked.</summary>
internal sealed record EffectsRequest
{
    public required string Model { get; init; }

    public string? Tensors { get; init; }

    public string? Dictionary { get; init; }

    public string? Data { get; init; }

    public RowRange Rows { get; init; } = RowRange.All;

    public required IReadOnlyList<string> Features { get; init; }

    public string? Groups { get; init; }

    public string? Segment { get; init; }

    public string? Cluster { get; init; }

    public string? Head { get; init; }

    public Space Space { get; init; }

    public EffectsFormat Format { get; init; }

    public string? Out { get; init; }

    public required EffectSettings Settings { get; init; }
}
