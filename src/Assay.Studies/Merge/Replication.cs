namespace Assay.Studies;

/// <summary>Says of each importance on the explained rows whether the holdout agrees.</summary>
internal static class Replication
{
    public const string NotTested = "not tested";

    /// <summary>
    /// "yes" where the holdout has the same sign and an interval without 0, "no" where not, empty where the explained rows
    /// show no effect that could be replicated (their interval holds 0). Mean |attribution| is never 0, so it would need a
    /// null from refitted models and stays "not tested".
    /// </summary>
    public static IReadOnlyList<Estimate> Mark(IReadOnlyList<Estimate> estimates, bool hasHoldout)
    {
        var holdout = estimates.Where(e => e.Split == Splits.Holdout && IsImportance(e)).ToDictionary(Key);
        return
        [
            .. estimates.Select(e =>
                e.Split != Splits.Explain || !IsImportance(e) ? e
                : !hasHoldout || e.Estimand == Estimands.MeanAbsAttribution ? e with { Replicated = NotTested }
                : !holdout.TryGetValue(Key(e), out var again) ? e with { Replicated = NotTested }
                : !e.ExcludesZero ? e
                : e with
                {
                    Replicated = again.ExcludesZero && Math.Sign(again.Value) == Math.Sign(e.Value) ? "yes" : "no",
                }
            ),
        ];
    }

    private static bool IsImportance(Estimate e) => e.Feature.Length > 0 && !Estimands.IsDescriptive(e.Estimand);

    private static (string, string, string, string, string) Key(Estimate e) =>
        (e.Dimension, e.Segment, e.Feature, e.Estimand, e.Method);
}

/// <summary>The names of the splits.</summary>
internal static class Splits
{
    public const string Explain = "explain";
    public const string Holdout = "holdout";
}
