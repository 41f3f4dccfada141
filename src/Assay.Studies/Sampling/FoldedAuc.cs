using Assay.Statistics;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Assay.Studies;

/// <summary>
/// The AUC within folds or strata, averaged with the mean of their shares of positives and of negatives. Scores each fold of
/// which was fitted apart are compared within their fold only. Between folds they must
/// not be: what one row's label adds to the fits of all other folds turns such comparisons round, and a field that says
/// nothing would score below ½. Weights are taken as given, not as estimated.
/// </summary>
internal static class FoldedAuc
{
    /// <summary>The value and its replicates; NaN where no fold has both classes.</summary>
    public static Resampled Of(
        SplitData data,
        SegmentRows segment,
        double[] scores,
        int[]? folds,
        double[]? weights = null
    )
    {
        var n = segment.Clusters.Length;
        var sums = new double[4 * n];
        // For each row its placement and weight; only with two kinds of clusters.
        var placed = new double[segment.Items is null ? 0 : 2 * segment.Rows.Length];
        Array.Fill(placed, double.NaN);
        foreach (var fold in Folds(segment, folds))
        {
            double[] Take(double[] from) => Array.ConvertAll(fold, i => from[i]);
            var (labels, weight) = (Take(segment.Labels), Take(segment.Weights));
            if (weights is not null)
                weight = [.. weight.Zip(fold, (w, i) => w * weights[segment.Rows[i]])];
            var placements = AucPlacements.Of(Array.ConvertAll(fold, i => scores[segment.Rows[i]]), labels, weight);
            if (double.IsNaN(placements.Auc))
                continue;
            var values = placements.Values;
            for (var k = 0; k < fold.Length; k++)
            {
                var column = (labels[k] > 0.5 ? 0 : n) + segment.Local[fold[k]];
                sums[column] += weight[k] * values[k];
                sums[2 * n + column] += weight[k];
                if (placed.Length > 0)
                    (placed[2 * fold[k]], placed[2 * fold[k] + 1]) = (values[k], weight[k]);
            }
        }
        double Mean(int c) => Sum<double>(sums.AsSpan(c * n, n)) / Sum<double>(sums.AsSpan((c + 2) * n, n));
        // Positives and negatives weigh the folds differently where the folds' rates differ; a little.
        var value = (Mean(0) + Mean(1)) / 2;
        var count = data.Bootstrap.Replicates;
        var own = new double[4 * count];
        data.Bootstrap.Sums(segment.Clusters, sums, own);
        var replicates = new double[count];
        for (var r = 0; r < count; r++)
            replicates[r] = own[r] / own[2 * count + r] + own[count + r] / own[3 * count + r] - value;
        return new(value, replicates, segment.Items is null ? null : ByRow(segment, sums, placed));
    }

    // Each class has its mean over folds; the value is the mean of both, the classes' weights in the folds taken as given.
    private static double[] ByRow(SegmentRows segment, double[] sums, double[] placed)
    {
        var n = segment.Clusters.Length;
        var influence = new double[segment.Rows.Length];
        for (var k = 0; k < 2; k++)
        {
            var below = Sum<double>(sums.AsSpan((2 + k) * n, n));
            var mean = Sum<double>(sums.AsSpan(k * n, n)) / below;
            for (var i = 0; i < influence.Length; i++)
                if (segment.Labels[i] > 0.5 == (k == 0) && !double.IsNaN(placed[2 * i]))
                    influence[i] = placed[2 * i + 1] * (placed[2 * i] - mean) / below;
        }
        return influence;
    }

    private static IEnumerable<int[]> Folds(SegmentRows segment, int[]? folds)
    {
        var places = Enumerable.Range(0, segment.Rows.Length);
        return folds is null
            ?
            [
                [.. places],
            ]
            : places.GroupBy(i => folds[segment.Rows[i]]).OrderBy(g => g.Key).Select(g => g.ToArray());
    }
}
