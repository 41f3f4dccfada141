namespace Assay.Studies;

/// <summary>A quality surely lower than another: evidence for actions that have no feature.</summary>
internal static class QualityGap
{
    /// <summary>Half of what a quality knows beyond chance, at its lower end: below it a quality is surely poor beside it.</summary>
    public static double Halfway(Estimate quality) => 0.5 + (quality.Low - 0.5) / 2;

    /// <summary>The lower quality less the higher, shown again where the holdout's lies below the same bound.</summary>
    public static Evidence Of(ActionContext context, Estimate lower, Estimate higher)
    {
        var again = context.Facts.Of(lower, 0, remarks: false).Again;
        return context.Facts.Of(
            lower with
            {
                Value = lower.Value - higher.Value,
                Low = lower.Low - higher.High,
                High = lower.High - higher.Low,
                // A quality has no p of its own: that its interval lies below the bound is what is shown.
                PAdjusted = 0,
                Replicated =
                    again is null ? Replication.NotTested
                    : again.High < Halfway(higher) ? "yes"
                    : "no",
            },
            0,
            remarks: false
        ) with
        {
            Said = FindingKind.SegmentDifference,
        };
    }
}
