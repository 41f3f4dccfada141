using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// The qualities of one score vector on one segment as per-cluster numerators over the segment's shared denominators, so
/// that differences of scores are differences of numerators.
/// </summary>
internal sealed class MetricSums
{
    /// <summary>Columns: positive placements, negative placements, losses, GAUC, NDCG.</summary>
    public const int Columns = 5;
    internal const int ListCut = 10;

    // With clusters of two kinds what each row adds to each of the four qualities to first order.
    private readonly float[][]? byRow;

    private MetricSums(int clusters, float[][]? byRow)
    {
        (Clusters, this.byRow) = (clusters, byRow);
        Sums = new double[Columns * clusters];
        Values = new double[4];
    }

    public int Clusters { get; }

    /// <summary>Numerators by cluster, column after column.</summary>
    public double[] Sums { get; }

    /// <summary>AUC, logloss, GAUC, NDCG@10 of the segment.</summary>
    public double[] Values { get; }

    /// <param name="segment">The segment.</param>
    /// <param name="logits">A logit for each row of the split.</param>
    public static MetricSums Of(SegmentRows segment, double[] logits)
    {
        var n = segment.Clusters.Length;
        var scores = segment.Take(logits);
        var result = new MetricSums(n, segment.Items is null ? null : QualityInfluence.Of(segment, scores));
        var sums = result.Sums;
        var placements = AucPlacements.Of(scores, segment.Labels, segment.Weights);
        var values = placements.Values;
        for (var i = 0; i < scores.Length; i++)
        {
            var c = segment.Local[i];
            sums[(segment.Labels[i] > 0.5 ? 0 : n) + c] += segment.Weights[i] * values[i];
            sums[2 * n + c] += LogLoss.OfLogit(scores[i], segment.Labels[i]);
        }
        AddLists(segment, scores, sums);
        result.Values[0] = placements.Auc;
        result.Values[1] = result.Ratio(segment, 2, 2);
        result.Values[2] = result.Ratio(segment, 3, 3);
        result.Values[3] = result.Ratio(segment, 4, 4);
        return result;
    }

    /// <summary>What is lost from the first score to the second: positive where the second is worse.</summary>
    public static MetricSums Loss(MetricSums better, MetricSums worse)
    {
        var loss = new MetricSums(better.Clusters, Combined([better.byRow, worse.byRow], [1, -1]));
        for (var i = 0; i < loss.Sums.Length; i++)
            loss.Sums[i] = Sign(i / Math.Max(1, loss.Clusters)) * (better.Sums[i] - worse.Sums[i]);
        for (var q = 0; q < loss.Values.Length; q++)
            loss.Values[q] = (q == 1 ? -1 : 1) * (better.Values[q] - worse.Values[q]);
        return loss;
    }

    /// <summary>The mean of several (repeats).</summary>
    public static MetricSums Mean(IReadOnlyList<MetricSums> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var equal = Enumerable.Repeat(1.0 / parts.Count, parts.Count);
        var mean = new MetricSums(parts[0].Clusters, Combined([.. parts.Select(p => p.byRow)], [.. equal]));
        foreach (var part in parts)
        {
            for (var i = 0; i < mean.Sums.Length; i++)
                mean.Sums[i] += part.Sums[i] / parts.Count;
            for (var q = 0; q < mean.Values.Length; q++)
                mean.Values[q] += part.Values[q] / parts.Count;
        }
        return mean;
    }

    /// <summary>The four qualities with their replicates and degrees of freedom.</summary>
    public Bootstrapped[] Drawn(SplitData data, SegmentRows segment)
    {
        var sums = new double[Columns * data.Bootstrap.Replicates];
        data.Bootstrap.Sums(segment.Clusters, Sums, sums);
        var replicates = Replicate(segment, sums);
        return
        [
            .. Values.Select(
                (value, q) =>
                    SplitData.Drawn(
                        segment,
                        value,
                        replicates[q],
                        Influence(segment, q),
                        () => Array.ConvertAll(byRow![q], u => (double)u)
                    )
            ),
        ];
    }

    /// <summary>Replicates of the four qualities, from replicates of the numerators (column after column).</summary>
    public double[][] Replicate(SegmentRows segment, ReadOnlySpan<double> sums)
    {
        var count = sums.Length / Columns;
        var denominators = segment.Replicates;
        var result = new double[4][];
        for (var q = 0; q < 4; q++)
            result[q] = new double[count];
        for (var r = 0; r < count; r++)
        {
            // To first order the AUC is the sum of its two class means less itself (see AucClusterSums).
            result[0][r] =
                Divide(sums[r], denominators[r]) + Divide(sums[count + r], denominators[count + r]) - Values[0];
            for (var q = 1; q < 4; q++)
                result[q][r] = Divide(sums[(q + 1) * count + r], denominators[(q + 1) * count + r]);
        }
        return result;
    }

    /// <summary>What each cluster adds to a quality to first order.</summary>
    public double[] Influence(SegmentRows segment, int quality)
    {
        RatioColumns Ratio(int column) =>
            new(Sums.AsSpan(column * Clusters, Clusters).ToArray(), segment.Denominator(column).ToArray());
        return ClusterStandardError.Influence(quality == 0 ? [Ratio(0), Ratio(1)] : [Ratio(quality + 1)]);
    }

    // The sign of the logloss is turned in its loss, as in Sums.
    private static float[][]? Combined(float[][]?[] parts, double[] factors)
    {
        if (parts[0] is null)
            return null;
        var isLoss = factors.Any(f => f < 0);
        var combined = new float[4][];
        for (var q = 0; q < combined.Length; q++)
        {
            combined[q] = new float[parts[0]![q].Length];
            for (var p = 0; p < parts.Length; p++)
            {
                var factor = q == 1 && isLoss ? -factors[p] : factors[p];
                for (var i = 0; i < combined[q].Length; i++)
                    combined[q][i] += (float)(factor * parts[p]![q][i]);
            }
        }
        return combined;
    }

    private static double Divide(double numerator, double denominator) =>
        denominator == 0 ? double.NaN : numerator / denominator;

    private static double Sign(int column) => column == 2 ? -1 : 1;

    private double Ratio(SegmentRows segment, int numerator, int denominator) =>
        ClusterStandardError.Ratio(Sums.AsSpan(numerator * Clusters, Clusters), segment.Denominator(denominator));

    private static void AddLists(SegmentRows segment, double[] scores, double[] sums)
    {
        var n = segment.Clusters.Length;
        for (var l = 0; l + 1 < segment.Lists.Length; l++)
        {
            var (start, length) = (segment.Lists[l], segment.Lists[l + 1] - segment.Lists[l]);
            var list = scores.AsSpan(start, length);
            var labels = segment.Labels.AsSpan(start, length);
            var weights = segment.Weights.AsSpan(start, length);
            var c = segment.Local[start];
            var area = RocAuc.Of(list, labels, weights);
            if (!double.IsNaN(area))
                sums[3 * n + c] += area * System.Numerics.Tensors.TensorPrimitives.Sum<double>(weights);
            var gain = WeightedNdcg(list, labels, weights);
            if (!double.IsNaN(gain))
                sums[4 * n + c] += gain * segment.ListWeight(l);
        }
    }

    // Rows of weight 0 are as if absent, so a list whose only relevant row has none says nothing.
    private static double WeightedNdcg(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights
    )
    {
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] > 0.5 && weights[i] > 0)
                return Ndcg.Of(scores, labels, ListCut, Gain.Linear);
        return double.NaN;
    }
}
