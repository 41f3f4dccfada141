using System.Text.Json.Serialization;

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

    /// <summary>In one segment the model leans on a feature more, or less, than elsewhere.</summary>
    SegmentDifference,

    /// <summary>What matters most differs between the segments of a dimension: one finding for all of them.</summary>
    SegmentLeaders,

    /// <summary>Refitted without the feature the model loses no more than the margin.</summary>
    Retirable,

    /// <summary>Refitted without the feature the model surely loses more than the margin.</summary>
    Needed,

    /// <summary>Most of what the feature seems to do is a declared confounder's doing.</summary>
    Proxy,

    /// <summary>The feature matters in every period.</summary>
    Persistent,

    /// <summary>The feature matters on average, and in some period it does not.</summary>
    Passing,

    /// <summary>A refit with the cross of two features added is better, beyond chance and the margin.</summary>
    CrossGains,

    /// <summary>A refit with the cross of two features added gains no more than the margin.</summary>
    CrossDoesNotGain,

    /// <summary>The explained data differ from the training data in the feature.</summary>
    Drifted,

    /// <summary>The way rows were sampled gives the label away.</summary>
    SamplingArtefact,

    /// <summary>Two ways of measuring order the features differently.</summary>
    MethodsDisagree,
}

/// <summary>How far a finding may be trusted, strongest first.</summary>
public enum Grade
{
    /// <summary>A replicated experiment; never from a study alone.</summary>
    A,

    /// <summary>Conditional importance, or refits, with an interval over clusters, replicated on the holdout.</summary>
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

    /// <summary>The feature's name in the dictionary; empty where it is about the model or several features.</summary>
    public required string Feature { get; init; }

    /// <summary>All features it is about: of a cross both, of leaders each.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>What people call it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The dimension of the segment; "overall" for all rows.</summary>
    public required string Dimension { get; init; }

    /// <summary>The segment within the dimension; "all" for all rows.</summary>
    public required string Segment { get; init; }

    /// <summary>The segment in words, from the vocabulary where there is one.</summary>
    public required string SegmentLabel { get; init; }

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

    /// <summary>What it is put together from, where it speaks of several segments; else empty.</summary>
    public required IReadOnlyList<FindingPart> Parts { get; init; }

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

/// <summary>One segment of a finding that speaks of several.</summary>
/// <param name="Segment">The segment within the finding's dimension.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Feature">The feature that leads there.</param>
/// <param name="DisplayName">What people call that.</param>
/// <param name="Value">How far it leads, in the estimand's unit.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="PAdjusted">The adjusted p-value.</param>
/// <param name="Replicated">Whether the holdout shows it too.</param>
public sealed record FindingPart(
    string Segment,
    string Label,
    string Feature,
    string DisplayName,
    double Value,
    double Low,
    double High,
    double PAdjusted,
    string Replicated
);

/// <summary>An interval and how it was made.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">Its level, 0.95.</param>
/// <param name="Kind">t, t of log-odds, χ², percentile (ranks).</param>
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
)
{
    /// <summary>How many of the second kind of clusters, over which the interval holds too; left out where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SecondClusters { get; init; }
}
