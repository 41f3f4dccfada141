using Assay.Statistics;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Assay.Studies;

/// <summary>
/// What each row adds to AUC, logloss, GAUC and NDCG@10 of a segment to first order, so that they can be summed by user, by item and by pair. A
/// user's sum is that of <see cref="MetricSums.Influence"/>. Within a list of GAUC a row counts by its placement there (DeLong 1988); of
/// NDCG by what the list is without it, and what the rows of a list do not add up to is shared equally.
/// </summary>
internal static class QualityInfluence
{
    public static float[][] Of(SegmentRows segment, double[] scores)
    {
        var placements = AucPlacements.Of(scores, segment.Labels, segment.Weights).Values;
        var losses = new double[scores.Length];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = LogLoss.OfLogit(scores[i], segment.Labels[i]);
        var ofAuc = new double[scores.Length];
        foreach (var positive in (bool[])[true, false])
        {
            var own = new double[scores.Length];
            for (var i = 0; i < own.Length; i++)
                own[i] = segment.Labels[i] > 0.5 == positive ? placements[i] : double.NaN;
            var added = RowInfluence.OfMean(own, segment.Weights);
            Add(ofAuc, added, ofAuc);
        }
        var (ofGauc, ofNdcg) = Lists(segment, scores);
        return [Small(ofAuc), Small(RowInfluence.OfMean(losses)), Small(ofGauc), Small(ofNdcg)];
    }

    private static float[] Small(double[] values) => Array.ConvertAll(values, v => (float)v);

    private static (double[] Gauc, double[] Ndcg) Lists(SegmentRows segment, double[] scores)
    {
        var gauc = new Ratio(scores.Length);
        var ndcg = new Ratio(scores.Length);
        for (var l = 0; l + 1 < segment.Lists.Length; l++)
        {
            var (start, length) = (segment.Lists[l], segment.Lists[l + 1] - segment.Lists[l]);
            var list = scores.AsSpan(start, length);
            var labels = segment.Labels.AsSpan(start, length);
            var weights = segment.Weights.AsSpan(start, length);
            AddArea(gauc, start, list, labels, weights);
            AddGain(ndcg, start, list, labels, weights);
        }
        return (gauc.Influence(), ndcg.Influence());
    }

    // Weight of the list times its area, whose change with a row's weight is w (placement − area) / weight of its class.
    private static void AddArea(
        Ratio gauc,
        int start,
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights
    )
    {
        double positive = 0,
            negative = 0;
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] > 0.5)
                positive += weights[i];
            else
                negative += weights[i];
        if (!(positive > 0 && negative > 0))
            return;
        var placements = AucPlacements.Of(scores, labels, weights);
        for (var i = 0; i < labels.Length; i++)
        {
            var change = (placements.Values[i] - placements.Auc) / (labels[i] > 0.5 ? positive : negative);
            gauc.Numerators[start + i] = weights[i] * ((positive + negative) * change + placements.Auc);
            gauc.Denominators[start + i] = weights[i];
        }
    }

    private static void AddGain(
        Ratio ndcg,
        int start,
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights
    )
    {
        var n = labels.Length;
        var relevant = 0;
        for (var i = 0; i < n; i++)
            relevant += labels[i] > 0.5 && weights[i] > 0 ? 1 : 0;
        if (relevant == 0)
            return;
        var total = Sum(weights);
        var whole = Ndcg.Of(scores, labels, MetricSums.ListCut, Gain.Linear) * total / n;
        var without = new double[n];
        NdcgWithout.Each(scores, labels, MetricSums.ListCut, without);
        for (var i = 0; i < n; i++)
        {
            // Nothing relevant is left: the list says nothing without it.
            var isLast = n == 1 || relevant == 1 && labels[i] > 0.5 && weights[i] > 0;
            var weight = isLast ? 0 : (total - weights[i]) / (n - 1);
            ndcg.Numerators[start + i] = whole - (isLast ? 0 : without[i] * weight);
            ndcg.Denominators[start + i] = total / n - weight;
        }
        Share(ndcg.Numerators.AsSpan(start, n), whole);
        Share(ndcg.Denominators.AsSpan(start, n), total / n);
    }

    private static void Share(Span<double> rows, double whole) =>
        Add(rows, (whole - Sum<double>(rows)) / rows.Length, rows);

    private sealed class Ratio(int rows)
    {
        public double[] Numerators { get; } = new double[rows];
        public double[] Denominators { get; } = new double[rows];

        public double[] Influence() => ClusterStandardError.Influence([new(Numerators, Denominators)]);
    }
}
