using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Turns a value and its replicates into an estimate of one segment.</summary>
internal sealed class EstimateMaker(SplitData data, string head)
{
    public const string Percentile = "percentile";
    public const string Basic = "basic";

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

    /// <summary>An estimate with standard error, interval and, where 0 means "none", a p-value.</summary>
    public Estimate Make(
        SegmentRows segment,
        string estimand,
        string method,
        double value,
        double[] replicates,
        bool tested,
        bool basic = false
    )
    {
        var clusters = segment.Clusters.Length;
        var error = Intervals.BootstrapStandardError(replicates, clusters);
        var interval = basic
            ? Intervals.Basic(value, replicates, clusters)
            : Intervals.Percentile(replicates, clusters);
        // Exactly no effect in every replicate: certain, and not significant.
        var none = value == 0 && error == 0;
        return Empty(segment, estimand, method) with
        {
            Value = value,
            StandardError = error,
            Low = interval.Low,
            High = interval.High,
            Interval = interval.IsDefined ? (basic ? Basic : Percentile) : "",
            PValue =
                !tested ? double.NaN
                : none ? 1
                : PValues.FromT(value / error, clusters - 1),
        };
    }
}
