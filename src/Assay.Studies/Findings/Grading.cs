namespace Assay.Studies;

/// <summary>A reason for which a finding cannot be better than a grade.</summary>
/// <param name="Cap">The best grade left where the rule applies.</param>
/// <param name="Applies">Whether it does.</param>
/// <param name="Reason">Why, as a clause.</param>
/// <param name="Missing">What would lift it.</param>
internal sealed record GradeRule(Grade Cap, Func<Evidence, bool> Applies, string Reason, Func<Evidence, string> Missing)
{
    public GradeRule(Grade cap, Func<Evidence, bool> applies, string reason, string missing)
        : this(cap, applies, reason, _ => missing) { }
}

/// <summary>A grade with why it is not better.</summary>
internal sealed record Graded(Grade Grade, IReadOnlyList<string> Reasons, IReadOnlyList<string> Missing);

/// <summary>
/// The rules of evidence. A finding has the worst grade that any rule leaves; what the rules of that grade miss is what the
/// next better grade needs.
/// </summary>
internal static class Grading
{
    public const string Unsettled = "the data show neither an effect nor that there is none";

    /// <summary>Adjusted p-values below it count as beyond chance.</summary>
    public const double Level = 0.05;

    /// <summary>A classifier that tells drawn rows from real ones better than this shows that the draw is not conditional.</summary>
    public const double LargestCheck = 0.6;

    public static readonly IReadOnlyList<GradeRule> Rules =
    [
        new(
            Grade.D,
            e => e.LearntNothing,
            "the model knows no more than trivial rules do",
            "a model that beats every trivial rule on every split"
        ),
        new(Grade.D, e => !e.HasInterval, "there is no interval", "an interval over independent units"),
        new(
            Grade.D,
            e => e.Estimate.Clusters < e.MinimumClusters,
            "there are too few independent units for an interval to be trusted",
            e => $"at least {e.MinimumClusters} independent units"
        ),
        new(
            Grade.D,
            e => e.Estimate.Estimand == Estimands.MeanAbsAttribution,
            "the size of attributions is never 0, and there is nothing to compare it with",
            "the loss of quality under permutation (method permutation or conditional-permutation)"
        ),
        new(Grade.D, e => e.HasInterval && e.Kind == FindingKind.NotSettled, Unsettled, e => e.ClustersNeeded),
        new(
            Grade.C,
            e => e.IsFixedModel,
            "it describes one fixed model, and features that go together can stand in for each other",
            "the loss given the other features (method conditional-permutation), or refitting without the feature"
        ),
        new(
            Grade.C,
            e => e.IsConditional && !(e.CheckAuc <= LargestCheck),
            "the rows drawn given the other features can be told from real ones, or this was not checked",
            "a better conditional model (condition on fewer features: given, strata), or refitting without the feature"
        ),
        new(
            Grade.C,
            e => !e.HasHoldout,
            "there are no untouched rows to see it again on",
            "a holdout, best of a later period"
        ),
        new(
            Grade.C,
            e => e.HasHoldout && !e.SeenAgain,
            "it was not seen again on the holdout",
            "the same result on the holdout, on more or newer rows"
        ),
        new(
            Grade.B,
            _ => true,
            "it comes from logged data and a model, not from an experiment",
            "a replicated experiment"
        ),
    ];

    public static Graded Of(Evidence evidence)
    {
        var applying = Rules
            .Where(r => r.Applies(evidence))
            .Concat(evidence.Remarks.Select(Capping).OfType<GradeRule>())
            .ToArray();
        var grade = applying.Max(r => r.Cap);
        var deciding = applying.Where(r => r.Cap == grade).ToArray();
        return new(grade, [.. deciding.Select(r => r.Reason)], [.. deciding.Select(r => r.Missing(evidence))]);
    }

    private static GradeRule? Capping(Remark remark) =>
        remark.Cap is { } cap
            ? new(cap, _ => true, remark.Text, $"a study in which this is ruled out: {remark.Text}")
            : null;
}
