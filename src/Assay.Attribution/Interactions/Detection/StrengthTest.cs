using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Means of strengths over games, their intervals, and the test of E[strength] ≤ least share · E[scale]: both are means over
/// the same clusters, so their difference is tested as one mean. Strengths are skewed to the right, which makes the one-sided
/// t test of a larger mean conservative.
/// </summary>
internal sealed class StrengthTest
{
    private readonly InteractionSettings settings;
    private readonly RowClusters clusters;
    private readonly double[] scale;
    private readonly double[] scales;
    private readonly double[] counts;
    private readonly ClusterBootstrap bootstrap;

    public StrengthTest(InteractionSettings settings, RowClusters clusters, double[] scale)
    {
        (this.settings, this.clusters, this.scale) = (settings, clusters, scale);
        (scales, counts) = (clusters.Sums(r => scale[r]), clusters.Sums(_ => 1));
        bootstrap = clusters.Bootstrap(settings.Explain.Seed, settings.Replicates);
    }

    /// <summary>All sets of one family, tested together.</summary>
    public IReadOnlyList<RankedInteraction> Family(IReadOnlyList<IReadOnlyList<int>> sets, Differences differences)
    {
        var tested = sets.Select(s => One(s, differences.Strength(s))).ToArray();
        var adjusted = MultipleTesting.BenjaminiHochberg([
            .. tested.Select(t => double.IsNaN(t.PValue) ? 1 : t.PValue),
        ]);
        return
        [
            .. tested.Select((t, i) => t with { PAdjusted = adjusted[i], Discovered = adjusted[i] <= settings.Level }),
        ];
    }

    private RankedInteraction One(IReadOnlyList<int> set, double[] strength)
    {
        var sums = clusters.Sums(r => strength[r]);
        var replicates = Array.ConvertAll(bootstrap.Ratios(sums, counts), Math.Sqrt);
        return new(
            set,
            Math.Sqrt(ClusterStandardError.Ratio(sums, counts)),
            Intervals.BootstrapStandardError(replicates, clusters.Count),
            Intervals.Percentile(replicates, clusters.Count, 1 - settings.Level)
        )
        {
            Share = scales.Sum() > 0 ? sums.Sum() / scales.Sum() : 0,
            PValue = PValue(strength),
        };
    }

    private double PValue(double[] strength)
    {
        var above = clusters.Sums(r => strength[r] - settings.LeastShare * scale[r]);
        var error = ClusterStandardError.OfRatio(above, counts);
        var mean = ClusterStandardError.Ratio(above, counts);
        // All alike, as where nothing interacts at all: no spread to test against.
        if (error == 0)
            return mean > 0 ? 0 : 1;
        var both = PValues.FromT(mean / error, clusters.Count - 1);
        return mean > 0 ? both / 2 : 1 - both / 2;
    }
}
