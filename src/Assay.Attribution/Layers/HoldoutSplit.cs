using Assay.Statistics;

namespace Assay.Attribution.Layers;

/// <summary>Rows to fit on and rows to measure on; a cluster is never in both.</summary>
internal sealed class HoldoutSplit
{
    private readonly int[] clusters;

    public HoldoutSplit(int rows, IReadOnlyList<int> clusterOfRow, ulong seed)
    {
        clusters = clusterOfRow.Count == 0 ? [.. Enumerable.Range(0, rows)] : [.. clusterOfRow];
        var all = clusters.Distinct().Order().ToArray();
        new CounterRandom(seed, "layers holdout").Shuffle(all.AsSpan());
        var held = all[..(all.Length / 2)].ToHashSet();
        Fit = [.. Enumerable.Range(0, rows).Where(r => !held.Contains(clusters[r]))];
        Holdout = [.. Enumerable.Range(0, rows).Where(r => held.Contains(clusters[r]))];
        // Dense numbers, as the statistics want them.
        var number = Holdout
            .Select(r => clusters[r])
            .Distinct()
            .Select((c, i) => (c, i))
            .ToDictionary(p => p.c, p => p.i);
        HoldoutClusters = [.. Holdout.Select(r => number[clusters[r]])];
    }

    public int[] Fit { get; }

    public int[] Holdout { get; }

    /// <summary>The cluster of each holdout row.</summary>
    public int[] HoldoutClusters { get; }

    private int Clusters => HoldoutClusters.Length == 0 ? 0 : HoldoutClusters.Max() + 1;

    /// <summary>Some rows of a matrix, row-major.</summary>
    public static double[] Rows(double[] values, int width, int[] rows)
    {
        var picked = new double[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            Array.Copy(values, rows[i] * width, picked, i * width, width);
        return picked;
    }

    /// <summary>The mean over the holdout's rows and its standard error, clusters drawn together.</summary>
    public (double Mean, double Error) Mean(double[] values) =>
        (values.Sum() / values.Length, ClusterStandardError.OfMean(values, HoldoutClusters, Clusters));

    /// <summary>Area under the curve on the holdout, and its standard error; NaN where a class is missing.</summary>
    public (double Value, double Error) Auc(double[] scores, double[] labels)
    {
        var positives = labels.Count(l => l > 0.5);
        if (positives == 0 || positives == labels.Length)
            return (double.NaN, double.NaN);
        var placements = AucPlacements.Of(scores, labels);
        return (placements.Auc, Math.Sqrt(AucVariance.Clustered(placements.ByCluster(HoldoutClusters, Clusters))));
    }
}
