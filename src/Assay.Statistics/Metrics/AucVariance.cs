namespace Assay.Statistics;

/// <summary>
/// The sampling variance of an AUC. Rows of one cluster may be dependent in any way: Obuchowski, "Nonparametric
/// analysis of clustered ROC curve data", Biometrics 1997. With every row a cluster of its own it is that of DeLong
/// 1988.
/// </summary>
public static class AucVariance
{
    /// <summary>Obuchowski's variance; NaN when a class lives in fewer than two clusters.</summary>
    public static double Clustered(AucClusterSums sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
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
            var above = sums.PositivePlacements[c] - m * sums.Auc;
            var below = sums.NegativePlacements[c] - n * sums.Auc;
            s10 += above * above;
            s01 += below * below;
            s11 += above * below;
        }
        if (positiveClusters < 2 || negativeClusters < 2)
            return double.NaN;
        return Correction(positiveClusters) * s10 / (positives * positives)
            + Correction(negativeClusters) * s01 / (negatives * negatives)
            + 2 * Correction(clusters) * s11 / (positives * negatives);
    }

    /// <summary>DeLong's variance, for independent rows; NaN with fewer than two rows of a class.</summary>
    public static double DeLong(AucPlacements placements)
    {
        ArgumentNullException.ThrowIfNull(placements);
        return Clustered(placements.ByRow());
    }

    private static double Correction(int clusters) => clusters / (clusters - 1.0);
}
