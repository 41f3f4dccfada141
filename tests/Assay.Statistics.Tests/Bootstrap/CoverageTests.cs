namespace Assay.Statistics.Tests.Bootstrap;

/// <summary>Whether intervals hold what they promise: simulated clusters with a known mean of 0.</summary>
public class CoverageTests
{
    private const ulong Seed = 31;
    private const int Simulations = 600;

    [Fact]
    public void Cluster_intervals_cover_and_row_intervals_do_not()
    {
        // 100 clusters of 20 rows, intra-cluster correlation .3. Theory: the design effect is 1 + 19·.3 = 6.7, so the row
        // interval covers P(|Z| < 1.96/√6.7) = 55.1 %. Bounds: four binomial standard errors and 1 % for the
        // percentile interval's own shortness at 100 clusters.
        const int clusters = 100,
            size = 20;
        var byCluster = new ClusterBootstrap(Keys(clusters), Seed);
        var byRow = new ClusterBootstrap(Keys(clusters * size), Seed);
        var ones = Enumerable.Repeat(1.0, clusters * size).ToArray();
        var sizes = Enumerable.Repeat((double)size, clusters).ToArray();
        int clusterHits = 0,
            rowHits = 0;
        var rows = new double[clusters * size];
        for (var simulation = 0; simulation < Simulations; simulation++)
        {
            var random = new CounterRandom(Seed, "rows", (ulong)simulation);
            var sums = new double[clusters];
            for (var i = 0; i < rows.Length; i++)
            {
                var shared = CounterRandom.NormalAt(Seed, (ulong)simulation, (ulong)(i / size));
                rows[i] = Math.Sqrt(.3) * shared + Math.Sqrt(.7) * random.NextNormal();
                sums[i / size] += rows[i];
            }
            clusterHits += Intervals.Percentile(byCluster.Ratios(sums, sizes), clusters).Contains(0) ? 1 : 0;
            rowHits += Intervals.Percentile(byRow.Ratios(rows, ones), rows.Length).Contains(0) ? 1 : 0;
        }
        Share(clusterHits).ShouldBe(.945, .01 + 4 * Math.Sqrt(.95 * .05 / Simulations), $"seed {Seed}");
        Share(rowHits).ShouldBe(.551, .01 + 4 * Math.Sqrt(.55 * .45 / Simulations), $"seed {Seed}");
    }

    [Fact]
    public void Studentised_intervals_cover_few_skewed_clusters_better()
    {
        // Twelve clusters of unequal size with exponential means: percentile intervals are known to be too short and too
        // symmetric (Davison and Hinkley, §5.2), bootstrap-t to be close.
        const int clusters = 12;
        int percentile = 0,
            studentised = 0;
        for (var simulation = 0; simulation < Simulations; simulation++)
        {
            var random = new CounterRandom(Seed, "skewed", (ulong)simulation);
            double[] sums = new double[clusters],
                sizes = new double[clusters];
            for (var c = 0; c < clusters; c++)
            {
                sizes[c] = 10 + random.NextInt(20);
                sums[c] = sizes[c] * (-Math.Log(1 - random.NextDouble()) - 1);
            }
            var bootstrap = new ClusterBootstrap(Keys(clusters), Seed + (ulong)simulation);
            var error = ClusterStandardError.OfRatio(sums, sizes);
            var estimate = ClusterStandardError.Ratio(sums, sizes);
            percentile += Intervals.Percentile(bootstrap.Ratios(sums, sizes), clusters).Contains(0) ? 1 : 0;
            var pivots = bootstrap.Pivots(sums, sizes);
            studentised += Intervals.Studentised(estimate, error, pivots, clusters).Contains(0) ? 1 : 0;
        }
        Share(studentised).ShouldBeInRange(.90, .98, $"seed {Seed}");
        (Share(studentised) - Share(percentile)).ShouldBeGreaterThan(.02, $"seed {Seed}, percentile {percentile}");
    }

    private static double Share(int hits) => hits / (double)Simulations;

    private static ulong[] Keys(int count) => [.. Enumerable.Range(0, count).Select(i => StableHash.Of((long)i))];
}
