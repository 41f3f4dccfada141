using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Turns a value and its replicates into an estimate of one segment.</summary>
internal sealed class EstimateMaker(SplitData data, string head)
{
    public const string Percentile = "percentile";
    public const string Student = "t";
    public const string StudentOfShare = "t of log-odds";

    /// <summary>An estimate without a value, for the fields all share.</summary>
    public Estimate Empty(SegmentRows segment, string estimand, string method) =>
        new()
        {
            Split = data.Split.Name,
            Dimension = segment.Dimension,
            Segment = segment.Name,
            SegmentLabel = segment.Label,
            Feature = "",
            Estimand = estimand,
            Method = method,
            Head = head,
            Rows = segment.Rows.Length,
            Clusters = segment.Clusters.Length,
        };

    /// <summary>
    /// An estimate with standard error, interval and, where 0 means "none", a p-value. With the clusters' influences the
    /// interval is Student's t with the degrees of freedom that fit them, so that it holds 0 where p is above 5 %; without,
    /// it is the replicates' percentiles.
    /// </summary>
    public Estimate Make(
        SegmentRows segment,
        string estimand,
        string method,
        double value,
        double[] replicates,
        bool tested,
        double[]? influence = null,
        Range range = Range.Any
    )
    {
        var clusters = segment.Clusters.Length;
        var error = Intervals.BootstrapStandardError(replicates, clusters);
        var degrees = influence is null ? clusters - 1 : ClusterStandardError.DegreesOfFreedom(influence);
        var (interval, kind) = influence is null
            ? (Intervals.Percentile(replicates, clusters), Percentile)
            : Ends(value, error, degrees, range);
        // Exactly no effect in every replicate: certain, and not significant.
        var none = value == 0 && error == 0;
        return Empty(segment, estimand, method) with
        {
            Value = value,
            StandardError = error,
            Low = interval.Low,
            High = interval.High,
            Interval = interval.IsDefined ? kind : "",
            PValue =
                !tested ? double.NaN
                : none ? 1
                : PValues.FromT(value / error, degrees),
        };
    }

    private static (Interval, string) Ends(double value, double error, double degrees, Range range)
    {
        if (range == Range.Share)
            return (Intervals.StudentTOfShare(value, error, degrees), StudentOfShare);
        var interval = Intervals.StudentT(value, error, degrees);
        return range == Range.AtLeastZero && interval.IsDefined
            ? (interval with { Low = Math.Max(0, interval.Low) }, Student)
            : (interval, Student);
    }

    /// <summary>Where a quantity can lie.</summary>
    public enum Range
    {
        Any,
        AtLeastZero,
        Share,
    }
}
