using Assay.Attribution.Interactions;
using Assay.Statistics;

namespace Assay.Attribution.Effects;

/// <summary>What an effect is computed from: the rows of one segment, and the positions.</summary>
internal sealed record EffectTask(
    RowMixer Mixer,
    IReadOnlyList<Axis> Axes,
    int[] Rows,
    RowClusters Clusters,
    EffectSettings Settings
)
{
    public IReadOnlyList<EffectAxis> Shown => [.. Axes.Select(a => a.Shown)];

    /// <summary>The bootstrap over the clusters of the rows.</summary>
    public ClusterBootstrap Bootstrap => Clusters.Bootstrap(Settings.Seed, Settings.Replicates);

    /// <summary>An effect with standard errors and intervals from its replicates, values × replicates.</summary>
    public FeatureEffect Effect(double mean, double[] values, double[] replicates, int[] density)
    {
        var of = Enumerable
            .Range(0, values.Length)
            .Select(v => replicates[(v * Settings.Replicates)..((v + 1) * Settings.Replicates)])
            .ToArray();
        return new(
            null,
            Shown,
            Rows.Length,
            Clusters.Count,
            mean,
            values,
            [.. of.Select(r => Intervals.BootstrapStandardError(r, Clusters.Count))],
            [.. of.Select(r => Intervals.Percentile(r, Clusters.Count, Settings.Confidence))],
            density
        );
    }

    /// <summary>Sums over clusters of values that some rows have in some columns, columns × clusters.</summary>
    public double[] Sums(int columns, IEnumerable<(int Row, int Column, double Value)> values)
    {
        var sums = new double[columns * Clusters.Count];
        foreach (var (row, column, value) in values)
            sums[column * Clusters.Count + Clusters.OfRow[row]] += value;
        return sums;
    }

    /// <summary>Means of columns under each replicate, columns × replicates; a column that a replicate leaves empty keeps its mean.</summary>
    public (double[] Means, double[] Replicates, double[] Weights) Means(double[] above, double[] below)
    {
        var (clusters, columns) = (Clusters.Count, above.Length / Clusters.Count);
        var means = new double[columns];
        for (var c = 0; c < columns; c++)
            means[c] = ClusterStandardError.Ratio(
                above.AsSpan(c * clusters, clusters),
                below.AsSpan(c * clusters, clusters)
            );
        var (replicates, weights) = (
            new double[columns * Settings.Replicates],
            new double[columns * Settings.Replicates]
        );
        Bootstrap.Sums(above, replicates);
        Bootstrap.Sums(below, weights);
        for (var i = 0; i < replicates.Length; i++)
            replicates[i] = weights[i] == 0 ? means[i / Settings.Replicates] : replicates[i] / weights[i];
        return (means, replicates, weights);
    }
}
