namespace Assay.Attribution.Judging;

/// <summary>One number by which an explanation of a row is judged.</summary>
/// <param name="Id">Public name.</param>
/// <param name="Title">What it says, in a few words.</param>
/// <param name="HigherIsBetter">The direction.</param>
/// <param name="Ranks">Whether the overall order of methods counts it.</param>
public sealed record Measure(string Id, string Title, bool HigherIsBetter, bool Ranks)
{
    internal static readonly Measure Deletion = new(
        "deletion",
        "area of the target below a straight line while features leave, largest attribution first",
        HigherIsBetter: false,
        Ranks: true
    );
    internal static readonly Measure Insertion = new(
        "insertion",
        "area of the target above a straight line while features enter, largest attribution first",
        HigherIsBetter: true,
        Ranks: true
    );
    internal static readonly Measure Infidelity = new(
        "infidelity",
        "share of the squared change under removal of random sets that the attributions' sums leave unexplained",
        HigherIsBetter: false,
        Ranks: true
    );
    internal static readonly Measure InfidelityRaw = new(
        "infidelity-squared",
        "the same in squared units of the target",
        HigherIsBetter: false,
        Ranks: false
    );
    internal static readonly Measure GapImportant = new(
        "pgi",
        "change of the target when the features with the largest |attribution| take other rows' values",
        HigherIsBetter: true,
        Ranks: true
    );
    internal static readonly Measure GapUnimportant = new(
        "pgu",
        "change of the target when all other features take other rows' values",
        HigherIsBetter: false,
        Ranks: true
    );
    internal static readonly Measure Sensitivity = new(
        "max-sensitivity",
        "largest relative change of the attributions near the row",
        HigherIsBetter: false,
        Ranks: true
    );
    internal static readonly Measure Sanity = new(
        "sanity",
        "size of the rank correlation with the attributions of the model with random weights",
        HigherIsBetter: false,
        Ranks: false
    );
    internal static readonly Measure Agreement = new(
        "agreement",
        "mean of the six measures of agreement with each other method",
        HigherIsBetter: true,
        Ranks: false
    );

    /// <summary>All measures, in the order of a table.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [Deletion, Insertion, Infidelity, InfidelityRaw, GapImportant, GapUnimportant, Sensitivity, Sanity, Agreement];
}
