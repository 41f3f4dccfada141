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
            SecondClusters = segment.Items?.Items.Length,
        };

    /// <summary>
    /// An estimate with standard error, interval and, where 0 means "none", a p-value. The
    /// interval is Student's t with the degrees of freedom that fit the clusters' influences, so that it holds what means
    /// "none" where p is above 5 %. For quantities that are smooth in the weights of the clusters; ranks: <see cref="OfRanks"/>.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="estimand">The quantity.</param>
    /// <param name="method">The method.</param>
    /// <param name="of">Its value with replicates.</param>
    /// <param name="tested">Whether it gets a p-value.</param>
    /// <param name="range">Where it can lie.</param>
    /// <param name="none">The value that means "none".</param>
    public Estimate Make(
        SegmentRows segment,
        string estimand,
        string method,
        Bootstrapped of,
        bool tested,
        Range range = Range.Any,
        double none = 0
    )
    {
        var (value, replicates, degrees) = of;
        var error = Intervals.BootstrapStandardError(replicates, segment.Draws);
        var (interval, kind) = Ends(value, error, degrees, range);
        // On the interval's own scale, so that both say the same.
        var distance =
            range == Range.Share && value is > 0 and < 1
                ? (LogOdds(value) - LogOdds(none)) * value * (1 - value) / error
                : (value - none) / error;
        // Exactly no effect in every replicate: certain, and not significant.
        var isNone = value == none && error == 0;
        return Empty(segment, estimand, method) with
        {
            Value = value,
            StandardError = error,
            Low = interval.Low,
            High = interval.High,
            Interval = interval.IsDefined ? kind : "",
            PValue =
                !tested ? double.NaN
                : isNone ? 1
                : PValues.FromT(distance, degrees),
        };
    }

    /// <summary>The same of replicates that were made from those of other estimates: the degrees of freedom are read off them.</summary>
    public Estimate Make(
        SegmentRows segment,
        string estimand,
        string method,
        double value,
        double[] replicates,
        bool tested,
        Range range = Range.Any,
        double none = 0
    )
    {
        var degrees = ClusterStandardError.DegreesOfFreedomOfReplicates(replicates, segment.Draws);
        return Make(segment, estimand, method, new(value, replicates, degrees), tested, range, none);
    }

    /// <summary>
    /// An estimate of ranks and what is made of them (agreement of orders, tops): they jump, so that no influences stand for them, and the interval
    /// is the replicates' percentiles.
    /// </summary>
    public Estimate OfRanks(SegmentRows segment, string estimand, string method, double value, double[] replicates)
    {
        var clusters = segment.Draws;
        var interval = Intervals.Percentile(replicates, clusters);
        return Empty(segment, estimand, method) with
        {
            Value = value,
            StandardError = Intervals.BootstrapStandardError(replicates, clusters),
            Low = interval.Low,
            High = interval.High,
            Interval = interval.IsDefined ? Percentile : "",
        };
    }

    private static double LogOdds(double share) => Math.Log(share / (1 - share));

    private static (Interval, string) Ends(double value, double error, double degrees, Range range)
    {
        if (range == Range.Share)
            return (Intervals.StudentTOfShare(value, error, degrees), StudentOfShare);
        var interval = Intervals.StudentT(value, error, degrees);
        return !interval.IsDefined
            ? (interval, Student)
            : range switch
            {
                Range.AtLeastZero => (interval with { Low = Math.Max(0, interval.Low) }, Student),
                Range.WithinOne => (new(Math.Max(-1, interval.Low), Math.Min(1, interval.High)), Student),
                _ => (interval, Student),
            };
    }

    /// <summary>Where a quantity can lie.</summary>
    public enum Range
    {
        Any,
        AtLeastZero,
        Share,

        /// <summary>From −1 to 1.</summary>
        WithinOne,
    }
}
