using Assay.Onnx;

namespace Assay.Attribution.Counterfactuals;

/// <summary>How far to look for a set of players.</summary>
public sealed record CounterfactualSettings
{
    /// <summary>The largest set looked for.</summary>
    public int MaxSize { get; init; } = 10;

    /// <summary>All sets of up to this size are tried, as far as the budget allows.</summary>
    public int ExactSize { get; init; } = 3;

    /// <summary>The most model evaluations (rows through the model) of one search; never exceeded.</summary>
    public long Budget { get; init; } = 200_000;

    /// <summary>Throws a usage error where an option is out of range.</summary>
    public void Validate()
    {
        if (MaxSize < 1)
            throw AssayException.Usage($"The largest size must be at least 1, not {MaxSize}.");
        if (ExactSize < 0)
            throw AssayException.Usage($"The size up to which all sets are tried cannot be {ExactSize}.");
        if (Budget < 1)
            throw AssayException.Usage($"The budget must be at least 1 evaluation, not {Budget}.");
    }
}

/// <summary>What a search found, and how sure it is that nothing smaller would do.</summary>
/// <param name="Players">The set, ascending; empty with <paramref name="IsFound"/> where nothing has to be done.</param>
/// <param name="IsFound">Whether a set was found; it was run through the model.</param>
/// <param name="Margin">The game's value once it is done.</param>
/// <param name="IsMinimum">Whether every smaller set was tried and fails.</param>
/// <param name="TriedSize">All sets of up to this size were tried.</param>
/// <param name="Alternatives">How many other sets of the same size do as well; null where not all were tried.</param>
/// <param name="BudgetIsSpent">Whether the search ended because another step would have exceeded the budget.</param>
public sealed record FoundSet(
    IReadOnlyList<int> Players,
    bool IsFound,
    double Margin,
    bool IsMinimum,
    int TriedSize,
    int? Alternatives,
    bool BudgetIsSpent
);
