using Assay.Onnx;
using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies;

/// <summary>How well a model does on labelled rows.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Auc">The area under the curve; NaN with one class.</param>
/// <param name="AucInterval">Its 95 % interval, rows of a cluster together.</param>
/// <param name="AucError">Its standard error.</param>
/// <param name="Clusters">Clusters of rows.</param>
/// <param name="LogLoss">Mean cross-entropy in nats.</param>
public sealed record RefitScore(
    int Rows,
    double Auc,
    Interval AucInterval,
    double AucError,
    int Clusters,
    double LogLoss
)
{
    /// <summary>
    /// The mean area over fits of several seeds: as they share the test rows, its error from these is at most the mean of theirs.
    /// </summary>
    public static (double Mean, SeedInterval Interval)? Over(IReadOnlyList<RefitScore> fits) =>
        fits.Count < 2 || fits.Any(f => double.IsNaN(f.Auc))
            ? null
            : (
                fits.Average(f => f.Auc),
                SeedInterval.Of([.. fits.Select(f => f.Auc)], fits.Average(f => f.AucError), fits[0].Clusters)
            );

    /// <summary>Scores a model; also returns each row's loss.</summary>
    /// <param name="model">The model.</param>
    /// <param name="head">NAME or NAME[k]; null for the first.</param>
    /// <param name="rows">The rows.</param>
    public static (RefitScore Score, double[] Losses) Of(OnnxModel model, string? head, LabelledRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(Assay.Training.Retraining.Logits(model, head, rows.Feeds), rows);
    }

    internal static (RefitScore Score, double[] Losses) Of(double[] logits, LabelledRows rows)
    {
        var labels = Array.ConvertAll(rows.Labels, l => (double)l);
        var losses = new double[labels.Length];
        Assay.Statistics.LogLoss.Rows(logits, labels, losses);
        var (auc, error) = Area(logits, labels, rows);
        var clusters = rows.Clusters.Length == 0 ? rows.Count : rows.Clusters.Max() + 1;
        var interval = double.IsNaN(auc) ? Interval.None : Intervals.Normal(auc, error);
        return (new RefitScore(rows.Count, auc, interval, error, clusters, losses.Sum() / losses.Length), losses);
    }

    /// <summary>The loss of the best constant, in nats per row.</summary>
    public static double OfConstant(LabelledRows rows)
    {
        var rate = rows.Labels.Sum(l => (double)l) / rows.Count;
        return rate is 0 or 1 ? 0 : -rate * Math.Log(rate) - (1 - rate) * Math.Log(1 - rate);
    }

    private static (double Auc, double Error) Area(double[] logits, double[] labels, LabelledRows rows)
    {
        var positives = labels.Count(l => l > 0.5);
        if (positives == 0 || positives == labels.Length)
            return (double.NaN, double.NaN);
        var placements = AucPlacements.Of(logits, labels);
        var sums =
            rows.Clusters.Length == 0
                ? placements.ByRow()
                : placements.ByCluster(rows.Clusters, rows.Clusters.Max() + 1);
        return (placements.Auc, Math.Sqrt(AucVariance.Clustered(sums)));
    }
}
