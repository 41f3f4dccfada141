namespace Assay.Studies;

/// <summary>What a finding says.</summary>
public enum FindingKind
{
    /// <summary>The model is worse without the feature, beyond chance and beyond the margin of what is negligible.</summary>
    FeatureMatters,

    /// <summary>The whole interval lies within the margin of what is negligible.</summary>
    FeatureDoesNotMatter,

    /// <summary>The model is better without the feature, beyond chance.</summary>
    FeatureHurts,

    /// <summary>Neither shown to matter nor shown to be negligible.</summary>
    NotSettled,
}

/// <summary>How far a finding may be trusted, strongest first.</summary>
public enum Grade
{
    /// <summary>A replicated experiment; never from a study alone.</summary>
    A,

    /// <summary>Conditional importance with an interval over clusters, replicated on the holdout.</summary>
    B,

    /// <summary>Importance of a fixed model, with an interval.</summary>
    C,

    /// <summary>No interval, nothing to compare with, not settled, or a model no better than trivial rules.</summary>
    D,
}

/// <summary>One thing a study found, with what a reader needs to judge it: an entry of <c>findings.json</c>.</summary>
public sealed record Finding
{
    /// <summary>The question answered, the same in every run that asks it: feature/estimand/method/dimension=segment.</summary>
    public required string Id { get; init; }

    /// <summary>What is said.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The feature's name in the dictionary.</summary>
    public required string Feature { get; init; }

    /// <summary>What people call it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The dimension of the segment; "overall" for all rows.</summary>
    public required string Dimension { get; init; }

    /// <summary>The segment within the dimension; "all" for all rows.</summary>
    public required string Segment { get; init; }

    /// <summary>The quantity: see <see cref="Estimands"/>.</summary>
    public required string Estimand { get; init; }

    /// <summary>The method that measured it.</summary>
    public required string Method { get; init; }

    /// <summary>Its value, in the estimand's unit.</summary>
    public required double Value { get; init; }

    /// <summary>The 95 % interval over clusters; null where there is none.</summary>
    public required FindingInterval? Interval { get; init; }

    /// <summary>Largest size of an effect that counts as negligible, in the estimand's unit; 0 where none is declared.</summary>
    public required double Margin { get; init; }

    /// <summary>What the p-value is adjusted over.</summary>
    public required FindingFamily Family { get; init; }

    /// <summary>yes, no, "not tested", or empty where there was no effect to replicate.</summary>
    public required string Replicated { get; init; }

    /// <summary>How far it may be trusted.</summary>
    public required Grade Grade { get; init; }

    /// <summary>Why not better.</summary>
    public required IReadOnlyList<string> GradeReasons { get; init; }

    /// <summary>What would have to be there for the next better grade.</summary>
    public required IReadOnlyList<string> MissingForNextGrade { get; init; }

    /// <summary>It in words.</summary>
    public required FindingSentences Sentences { get; init; }

    /// <summary>What is taken for granted.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>What it does not say.</summary>
    public required IReadOnlyList<string> Limitations { get; init; }

    /// <summary>What else could explain the number.</summary>
    public required IReadOnlyList<string> AlternativeExplanations { get; init; }

    /// <summary>Where it comes from.</summary>
    public required FindingPedigree Pedigree { get; init; }
}

/// <summary>An interval and how it was made.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">Its level, 0.95.</param>
/// <param name="Kind">percentile or basic.</param>
public sealed record FindingInterval(double Low, double High, double Level, string Kind);

/// <summary>The tests that one p-value is adjusted over.</summary>
/// <param name="Name">What they share, in words.</param>
/// <param name="Tests">How many they are.</param>
/// <param name="Adjustment">benjamini_hochberg.</param>
/// <param name="PAdjusted">The adjusted p-value; null where the quantity is not tested.</param>
public sealed record FindingFamily(string Name, int Tests, string Adjustment, double? PAdjusted);

/// <summary>A finding for readers who know no statistics, in the order they need it.</summary>
/// <param name="Effect">What the feature does.</param>
/// <param name="HowSure">How sure that is.</param>
/// <param name="ForWhom">For whom it holds.</param>
/// <param name="WhatCouldBeWrong">What could be fooling us.</param>
/// <param name="WhatToDo">The next step; below grade B only more evidence.</param>
public sealed record FindingSentences(
    string Effect,
    string HowSure,
    string ForWhom,
    string WhatCouldBeWrong,
    string WhatToDo
);

/// <summary>Where the number of a finding comes from.</summary>
/// <param name="Head">The head.</param>
/// <param name="Space">logit or probability; empty where it does not apply.</param>
/// <param name="Baseline">The baseline; empty where it does not apply.</param>
/// <param name="Split">The rows it was measured on.</param>
/// <param name="Rows">How many.</param>
/// <param name="Clusters">Of how many independent units.</param>
/// <param name="StandardError">Over clusters; null where there is none.</param>
/// <param name="Replicates">Of the bootstrap.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="SoftwareVersion">The version that measured it.</param>
/// <param name="Sha256">Of model, dictionary, data and options.</param>
public sealed record FindingPedigree(
    string Head,
    string Space,
    string Baseline,
    string Split,
    int Rows,
    int Clusters,
    double? StandardError,
    int Replicates,
    ulong Seed,
    string SoftwareVersion,
    IReadOnlyDictionary<string, string> Sha256
);
