using Assay.Onnx;
using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies;

/// <summary>Rows on which fits are compared: what each fit says of them, and bootstraps over their clusters.</summary>
internal sealed class TestRows
{
    private readonly double[] labels;
    private readonly double[] weights;
    private readonly int[] clusters;
    private readonly ulong seed;
    private readonly ClusterBootstrap bootstrap;

    private readonly Func<RefitFile, double[]> logits;

    public TestRows(LabelledRows rows, string split, Func<RefitFile, double[]> logits, ulong seed, int replicates)
    {
        (Split, this.logits) = (split, logits);
        if (!rows.Labels.Any(l => l > 0.5f) || rows.Labels.All(l => l > 0.5f))
            throw AssayException.Input(
                $"The {split} rows, on which refits are compared, have labels of one kind only; name others under retrain: valid, test."
            );
        labels = Array.ConvertAll(rows.Labels, l => (double)l);
        weights = rows.Weights;
        clusters = rows.Clusters.Length > 0 ? rows.Clusters : [.. Enumerable.Range(0, rows.Count)];
        this.seed = seed;
        Clusters = clusters.Max() + 1;
        var keys = new ulong[Clusters];
        for (var c = 0; c < keys.Length; c++)
            keys[c] = StableHash.Of((long)c);
        bootstrap = new ClusterBootstrap(keys, seed, replicates);
    }

    public int Rows => labels.Length;
    public int Clusters { get; }
    public string Split { get; }

    /// <summary>The AUC of a fit with its placements by cluster.</summary>
    public AucClusterSums Auc(RefitFile fit) =>
        AucPlacements.Of(logits(fit), labels, weights).ByCluster(clusters, Clusters);

    /// <summary>The mean over seeds of a sum of areas, each with a factor: of one area, a difference, an area under a curve.</summary>
    /// <param name="perSeed">For each seed the terms.</param>
    public OverSeeds Auc(IReadOnlyList<IReadOnlyList<(double Factor, AucClusterSums Area)>> perSeed)
    {
        // To first order an area is the sum of its two class means less itself, so sums of areas are sums of columns.
        var (positive, negative) = (new double[Clusters], new double[Clusters]);
        var shared = perSeed[0][0].Area;
        foreach (var (factor, area) in perSeed.SelectMany(s => s))
            for (var c = 0; c < Clusters; c++)
            {
                positive[c] += factor / perSeed.Count * area.PositivePlacements[c];
                negative[c] += factor / perSeed.Count * area.NegativePlacements[c];
            }
        var replicates = bootstrap.SumOfRatios([
            new RatioColumns(positive, shared.PositiveWeights),
            new RatioColumns(negative, shared.NegativeWeights),
        ]);
        return OverSeeds.Of(
            [.. perSeed.Select(s => s.Sum(t => t.Factor * t.Area.Auc))],
            Intervals.BootstrapStandardError(replicates, Clusters),
            Clusters
        );
    }

    /// <summary>The AUC lost from fits to fits of the same seeds without something.</summary>
    public OverSeeds AucLost(IReadOnlyList<RefitFile> with, IReadOnlyList<RefitFile> without) =>
        Auc([.. with.Zip(without, (a, b) => new (double, AucClusterSums)[] { (1, Auc(a)), (-1, Auc(b)) })]);

    /// <summary>The log loss that fits have more without something.</summary>
    public OverSeeds LogLossAdded(IReadOnlyList<RefitFile> with, IReadOnlyList<RefitFile> without) =>
        OverSeeds.Of(
            LossIncrease.Of([.. with.Select(Losses)], [.. without.Select(Losses)], clusters, seed, bootstrap.Replicates)
        );

    private double[] Losses(RefitFile fit)
    {
        var losses = new double[labels.Length];
        LogLoss.Rows(logits(fit), labels, losses);
        return losses;
    }
}
