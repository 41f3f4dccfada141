namespace Assay.Statistics;

/// <summary>
/// Placement values summed by cluster. Under cluster weights w the AUC is, to first order,
/// Σ w ΣV10 / Σ w n₊ + Σ w ΣV01 / Σ w n₋ − AUC (DeLong 1988; for clusters Obuchowski 1997).
/// </summary>
public sealed class AucClusterSums
{
    /// <summary>
    /// Empty sums, to be filled by <see cref="Add"/>, for example against a <see cref="ScoreDistribution"/>.
    /// </summary>
    /// <param name="auc">The AUC of all rows.</param>
    /// <param name="clusters">How many clusters there are.</param>
    public AucClusterSums(double auc, int clusters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(clusters);
        Auc = auc;
        PositivePlacements = new double[clusters];
        PositiveWeights = new double[clusters];
        NegativePlacements = new double[clusters];
        NegativeWeights = new double[clusters];
    }

    /// <summary>The AUC of all rows.</summary>
    public double Auc { get; }

    /// <summary>Per cluster Σ weight · V10 over its positive rows.</summary>
    public double[] PositivePlacements { get; }

    /// <summary>Per cluster the weight of its positive rows.</summary>
    public double[] PositiveWeights { get; }

    /// <summary>Per cluster Σ weight · V01 over its negative rows.</summary>
    public double[] NegativePlacements { get; }

    /// <summary>Per cluster the weight of its negative rows.</summary>
    public double[] NegativeWeights { get; }

    /// <summary>Adds one row's placement to its cluster.</summary>
    public void Add(int cluster, double placement, bool positive, double weight = 1)
    {
        if (positive)
        {
            PositivePlacements[cluster] += weight * placement;
            PositiveWeights[cluster] += weight;
        }
        else
        {
            NegativePlacements[cluster] += weight * placement;
            NegativeWeights[cluster] += weight;
        }
    }
}
