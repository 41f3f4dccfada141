using Assay.Attribution.Counterfactuals;

namespace Assay.Cli.Counterfactual;

/// <summary>What became of a row.</summary>
internal enum CounterfactualStatus
{
    /// <summary>A set was found.</summary>
    Found,

    /// <summary>No set was found within the size and the budget.</summary>
    NotFound,

    /// <summary>The candidate is not in to begin with.</summary>
    Out,

    /// <summary>Its list is no longer than the top.</summary>
    AlwaysIn,

    /// <summary>There is nothing to remove.</summary>
    NoPlayers,
}

/// <summary>Something that can be removed: a feature, or an item of a sequence at all its positions.</summary>
internal sealed record Removable(string Feature, long? Id, IReadOnlyList<int> Positions)
{
    public string Text => Id is { } id ? $"{Feature}={id}" : Feature;
}

/// <summary>A candidate and what takes it out.</summary>
internal sealed record CounterfactualRow
{
    public required long Row { get; init; }

    public required CounterfactualStatus Status { get; init; }

    public required double Score { get; init; }

    public int Candidates { get; init; }

    public int? Rank { get; init; }

    public IReadOnlyList<Removable> Players { get; init; } = [];

    public double? Margin { get; init; }

    /// <summary>What takes it out.</summary>
    public FoundSet? Removed { get; init; }

    /// <summary>Its rank then.</summary>
    public int? RankWithout { get; init; }

    /// <summary>Whether the removed set alone would have kept it in.</summary>
    public bool? IsSufficientAlone { get; init; }

    public NecessitySufficiency? Measured { get; init; }

    /// <summary>What alone keeps it in.</summary>
    public FoundSet? Kept { get; init; }

    public long Evaluations { get; init; }
}
