namespace Assay.Studies;

/// <summary>What somebody who knows the domain expects of a feature.</summary>
public enum HypothesisClaim
{
    /// <summary>The model is worse without it.</summary>
    Matters,

    /// <summary>What it changes is negligible.</summary>
    DoesNotMatter,

    /// <summary>It counts more in a segment than elsewhere.</summary>
    MattersMore,

    /// <summary>It counts more than another feature.</summary>
    StrongerThan,

    /// <summary>Higher values raise the score.</summary>
    Positive,

    /// <summary>Higher values lower the score.</summary>
    Negative,
}

/// <summary>What the study says of an expectation.</summary>
public enum HypothesisVerdict
{
    /// <summary>It is as expected, beyond chance.</summary>
    Supported,

    /// <summary>It is otherwise, beyond chance or negligible.</summary>
    Contradicted,

    /// <summary>The data do not tell, or it was not measured.</summary>
    Undecided,
}

/// <summary>An expectation written down before the study: an entry of <c>hypotheses.yaml</c>.</summary>
public sealed record Hypothesis
{
    /// <summary>The feature's name in the dictionary.</summary>
    public required string Feature { get; init; }

    /// <summary>What is expected of it.</summary>
    public required HypothesisClaim Claim { get; init; }

    /// <summary>The dimension of the segment it is about; null: all rows.</summary>
    public string? Dimension { get; init; }

    /// <summary>The segment within the dimension, its value or its label; null: all rows.</summary>
    public string? Segment { get; init; }

    /// <summary>The feature it is compared with; null: none.</summary>
    public string? Than { get; init; }

    /// <summary>The method it is to be judged by; null: given the other features where that was measured well, else permutation.</summary>
    public string? By { get; init; }

    /// <summary>Who expects it.</summary>
    public string? Author { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>An expectation beside what was found.</summary>
public sealed record ScoredHypothesis
{
    /// <summary>The expectation.</summary>
    public required Hypothesis Hypothesis { get; init; }

    /// <summary>It in a sentence.</summary>
    public required string Expected { get; init; }

    /// <summary>What the study says.</summary>
    public required HypothesisVerdict Verdict { get; init; }

    /// <summary>How far the verdict may be trusted; null where there is no evidence.</summary>
    public required Grade? Grade { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Because { get; init; }

    /// <summary>The number it was judged by; null: there is none.</summary>
    public required HypothesisEvidence? Evidence { get; init; }
}

/// <summary>The number an expectation was judged by.</summary>
/// <param name="Estimand">The quantity.</param>
/// <param name="Method">The method.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Margin">What is negligible.</param>
/// <param name="PValue">Of that number alone; null where it is not tested.</param>
/// <param name="PAdjusted">By Holm over all hypotheses of the file.</param>
/// <param name="Replicated">Whether the holdout shows it too.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Clusters">Independent units.</param>
public sealed record HypothesisEvidence(
    string Estimand,
    string Method,
    double Value,
    double Low,
    double High,
    double Margin,
    double? PValue,
    double? PAdjusted,
    string Replicated,
    int Rows,
    int Clusters
);
