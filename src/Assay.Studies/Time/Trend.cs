using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// The change of an importance from the first to the last of periods that follow each other, along the line fitted with their
/// rows as weights: a fixed contrast of the periods' values, so its replicates are the contrast of theirs, whatever clusters the periods
/// share.
/// </summary>
internal static class Trend
{
    /// <summary>Fewer periods have no trend.</summary>
    public const int LeastPeriods = 3;

    /// <summary>The contrast's coefficients for periods with these weights, at the places 0, 1, …</summary>
    public static double[] Contrast(IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var centre = weights.Select((w, k) => w * k).Sum() / total;
        var spread = weights.Select((w, k) => w * (k - centre) * (k - centre)).Sum();
        return [.. weights.Select((w, k) => (weights.Count - 1) * w * (k - centre) / spread)];
    }

    /// <summary>The change with its replicates.</summary>
    public static (double Value, double[] Replicates) Of(IReadOnlyList<Replicated> periods)
    {
        var contrast = Contrast([.. periods.Select(p => (double)p.Estimate.Rows)]);
        var value = periods.Select((p, k) => contrast[k] * p.Estimate.Value).Sum();
        var replicates = new double[periods.Min(p => p.Replicates.Length)];
        for (var r = 0; r < replicates.Length; r++)
        for (var k = 0; k < periods.Count; k++)
            replicates[r] += contrast[k] * periods[k].Replicates[r];
        return (value, replicates);
    }

    /// <summary>As an estimate of the dimension.</summary>
    public static Estimate Estimate(IReadOnlyList<Replicated> periods, SplitData data)
    {
        var first = periods[0].Estimate;
        var (value, replicates) = Of(periods);
        var draws = data.Segments[0].Draws;
        var error = Intervals.BootstrapStandardError(replicates, draws);
        var degrees = ClusterStandardError.DegreesOfFreedomOfReplicates(replicates, draws);
        var interval = Intervals.StudentT(value, error, degrees);
        return first with
        {
            Estimand = Estimands.Trend + first.Estimand,
            Segment = "trend",
            SegmentLabel = $"{first.SegmentLabel} to {periods[^1].Estimate.SegmentLabel}",
            Value = value,
            StandardError = error,
            Low = interval.Low,
            High = interval.High,
            Interval = "t",
            PValue = value == 0 && error == 0 ? 1 : PValues.FromT(value / error, degrees),
            PAdjusted = double.NaN,
            Rank = null,
            RankLow = null,
            RankHigh = null,
            Replicated = "",
            Rows = periods.Sum(p => p.Estimate.Rows),
            Clusters = data.Split.Clusters,
            SecondClusters = data.Segments[0].Items?.Items.Length,
        };
    }
}
