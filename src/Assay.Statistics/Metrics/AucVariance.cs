using System.Numerics.Tensors;

namespace Assay.Statistics;

/// <summary>
/// The sampling variance of an AUC, and of the difference of two on the same rows. Rows of one cluster may be dependent in
/// any way: Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 1997. With every row a cluster
/// of its own (<see cref="AucPlacements.ByRow"/>) it is that of DeLong, DeLong and Clarke-Pearson 1988.
/// </summary>
public static class AucVariance
{
    /// <summary>Obuchowski's variance; NaN when a class lives in fewer than two clusters.</summary>
    public static double Clustered(AucClusterSums sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        var residuals = Residuals(sums);
        return Product(sums, residuals, residuals);
    }

    /// <summary>DeLong's variance, for independent rows; NaN with fewer than two rows of a class.</summary>
    public static double DeLong(AucPlacements placements)
    {
        ArgumentNullException.ThrowIfNull(placements);
        return Clustered(placements.ByRow());
    }

    /// <summary>
    /// The covariance of the AUCs of two scores of the same rows, summed by the same clusters; NaN as
    /// <see cref="Clustered"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The two are not sums of the same rows.</exception>
    public static double Covariance(AucClusterSums first, AucClusterSums second)
    {
        CheckSameRows(first, second);
        return Product(first, Residuals(first), Residuals(second));
    }

    /// <summary>
    /// The variance of the AUC of the first score less that of the second: both variances less twice the covariance, taken
    /// from the differences of the placements, so that two scores nearly alike lose no digits.
    /// </summary>
    /// <exception cref="ArgumentException">The two are not sums of the same rows.</exception>
    public static double OfDifference(AucClusterSums first, AucClusterSums second)
    {
        CheckSameRows(first, second);
        var (above, below) = Residuals(first);
        var (otherAbove, otherBelow) = Residuals(second);
        TensorPrimitives.Subtract(above, otherAbove, above);
        TensorPrimitives.Subtract(below, otherBelow, below);
        return Product(first, (above, below), (above, below));
    }

    // Per cluster how far its placements lie from the area, positives and negatives.
    private static (double[] Above, double[] Below) Residuals(AucClusterSums sums)
    {
        double[] above = new double[sums.PositiveWeights.Length],
            below = new double[above.Length];
        for (var c = 0; c < above.Length; c++)
        {
            above[c] = sums.PositivePlacements[c] - sums.PositiveWeights[c] * sums.Auc;
            below[c] = sums.NegativePlacements[c] - sums.NegativeWeights[c] * sums.Auc;
        }
        return (above, below);
    }

    private static double Product(
        AucClusterSums sums,
        (double[] Above, double[] Below) first,
        (double[] Above, double[] Below) second
    )
    {
        int positiveClusters = 0,
            negativeClusters = 0,
            clusters = 0;
        double positives = 0,
            negatives = 0,
            s10 = 0,
            s01 = 0,
            s11 = 0;
        for (var c = 0; c < sums.PositiveWeights.Length; c++)
        {
            var (m, n) = (sums.PositiveWeights[c], sums.NegativeWeights[c]);
            if (m == 0 && n == 0)
                continue;
            clusters++;
            positiveClusters += m > 0 ? 1 : 0;
            negativeClusters += n > 0 ? 1 : 0;
            positives += m;
            negatives += n;
            s10 += first.Above[c] * second.Above[c];
            s01 += first.Below[c] * second.Below[c];
            s11 += first.Above[c] * second.Below[c] + second.Above[c] * first.Below[c];
        }
        if (positiveClusters < 2 || negativeClusters < 2)
            return double.NaN;
        return Correction(positiveClusters) * s10 / (positives * positives)
            + Correction(negativeClusters) * s01 / (negatives * negatives)
            + Correction(clusters) * s11 / (positives * negatives);
    }

    private static void CheckSameRows(AucClusterSums first, AucClusterSums second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (
            !first.PositiveWeights.AsSpan().SequenceEqual(second.PositiveWeights)
            || !first.NegativeWeights.AsSpan().SequenceEqual(second.NegativeWeights)
        )
            throw new ArgumentException(
                "The two AUCs must be of the same rows in the same clusters: the weights of a cluster differ."
            );
    }

    private static double Correction(int clusters) => clusters / (clusters - 1.0);
}
