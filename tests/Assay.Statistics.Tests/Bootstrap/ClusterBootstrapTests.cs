namespace Assay.Statistics.Tests.Bootstrap;

public class ClusterBootstrapTests
{
    private const ulong Seed = 21;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    [InlineData(2500, 20)]
    public void Sums_are_those_of_the_definition(int clusters, int replicates)
    {
        var bootstrap = new ClusterBootstrap(Keys(clusters), Seed, replicates);
        const int columns = 6;
        var values = Values(columns * clusters);
        var sums = new double[columns * replicates];
        bootstrap.Sums(values, sums);
        for (var column = 0; column < columns; column++)
        for (var r = 0; r < replicates; r++)
        {
            var expected = 0.0;
            for (var c = 0; c < clusters; c++)
                expected += PoissonWeights.At(Seed, Keys(clusters)[c], r) * values[column * clusters + c];
            sums[column * replicates + r].ShouldBe(expected, 1e-10);
        }
    }

    [Fact]
    public void Caching_batching_sparsity_and_threads_change_no_bit()
    {
        const int clusters = 1500,
            replicates = 100;
        var kept = new ClusterBootstrap(Keys(clusters), Seed, replicates);
        var remade = new ClusterBootstrap(Keys(clusters), Seed, replicates, cacheBytes: 0);
        int[] some = [.. Enumerable.Range(0, clusters).Where(c => c % 7 == 3)];
        var values = Values(2 * some.Length);
        var numerators = values.AsSpan(0, some.Length).ToArray();
        var denominators = Array.ConvertAll(values.AsSpan(some.Length).ToArray(), Math.Abs);
        double[] wideNumerators = new double[clusters],
            wideDenominators = new double[clusters];
        for (var i = 0; i < some.Length; i++)
        {
            wideNumerators[some[i]] = numerators[i];
            wideDenominators[some[i]] = denominators[i];
        }
        var expected = remade.Ratios(wideNumerators, wideDenominators);
        var results = new double[8][];
        Parallel.For(0, results.Length, i => results[i] = kept.Ratios(some, numerators, denominators));
        foreach (var result in results)
            result.ShouldBe(expected);
        var five = new double[5 * replicates];
        kept.Sums(
            [.. wideNumerators, .. wideNumerators, .. wideNumerators, .. wideNumerators, .. wideDenominators],
            five
        );
        for (var r = 0; r < replicates; r++)
            (five[r] / five[4 * replicates + r]).ShouldBe(expected[r]);
    }

    [Fact]
    public void Many_ratios_at_once_are_those_one_by_one()
    {
        const int clusters = 90,
            replicates = 30,
            ratios = 7;
        var bootstrap = new ClusterBootstrap(Keys(clusters), Seed, replicates);
        var numerators = Values(ratios * clusters);
        var denominators = Array.ConvertAll(Values(ratios * clusters), x => x + 5);
        double[] own = new double[ratios * replicates],
            shared = new double[ratios * replicates];
        bootstrap.RatiosOfMany(numerators, denominators, own);
        bootstrap.RatiosOfMany(numerators, denominators.AsSpan(0, clusters), shared);
        for (var j = 0; j < ratios; j++)
        {
            var numerator = numerators.AsSpan(j * clusters, clusters);
            bootstrap
                .Ratios(numerator, denominators.AsSpan(j * clusters, clusters))
                .ShouldBe(own.AsSpan(j * replicates, replicates).ToArray());
            bootstrap
                .Ratios(numerator, denominators.AsSpan(0, clusters))
                .ShouldBe(shared.AsSpan(j * replicates, replicates).ToArray());
        }
    }

    [Fact]
    public void Parts_of_the_clusters_add_up()
    {
        var keys = Keys(40);
        var values = Values(40);
        double[] whole = new double[50],
            first = new double[50],
            second = new double[50];
        new ClusterBootstrap(keys, Seed, 50).Sums(values, whole);
        new ClusterBootstrap(keys.AsSpan(0, 15), Seed, 50).Sums(values.AsSpan(0, 15), first);
        new ClusterBootstrap(keys.AsSpan(15), Seed, 50).Sums(values.AsSpan(15), second);
        for (var r = 0; r < 50; r++)
            (first[r] + second[r]).ShouldBe(whole[r], 1e-11);
    }

    [Fact]
    public void Its_spread_is_that_of_the_sandwich()
    {
        // To first order the Poisson bootstrap's variance is Σu²/(ΣD)²: 400 clusters, 2000 replicates, 5 % is 3 sd.
        var numerators = Values(400);
        var denominators = Array.ConvertAll(Values(400), x => 3 + x);
        var replicates = new ClusterBootstrap(Keys(400), Seed, 2000).Ratios(numerators, denominators);
        var bootstrap = Intervals.BootstrapStandardError(replicates, 400);
        var sandwich = ClusterStandardError.OfRatio(numerators, denominators);
        (bootstrap / sandwich).ShouldBe(1, .06, $"seed {Seed}");
    }

    [Fact]
    public void The_spread_of_an_area_is_Obuchowski_s()
    {
        var random = new CounterRandom(Seed, "auc");
        const int clusters = 300,
            rows = 3000;
        double[] scores = new double[rows],
            labels = new double[rows];
        var cluster = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            cluster[i] = i % clusters;
            labels[i] = i < clusters || (i >= 2 * clusters && random.NextBool(.3)) ? 1 : 0;
            scores[i] = labels[i] + random.NextNormal() + CounterRandom.NormalAt(Seed, 5, (ulong)cluster[i]);
        }
        var sums = AucPlacements.Of(scores, labels).ByCluster(cluster, clusters);
        var replicates = new ClusterBootstrap(Keys(clusters), Seed, 2000).Auc(sums);
        var error = Math.Sqrt(AucVariance.Clustered(sums));
        (Intervals.BootstrapStandardError(replicates, clusters) / error).ShouldBe(1, .06, $"seed {Seed}");
        RatioColumns[] parts =
        [
            new(sums.PositivePlacements, sums.PositiveWeights),
            new(sums.NegativePlacements, sums.NegativeWeights),
        ];
        // All clusters hold both classes here, so the two formulas agree exactly.
        ClusterStandardError.OfSumOfRatios(parts).ShouldBe(error, 1e-12);

        // The linearised replicate against the area computed anew under the replicate's weights.
        var weights = new byte[clusters];
        var bootstrap = new ClusterBootstrap(Keys(clusters), Seed, 2000);
        for (var r = 0; r < 20; r++)
        {
            bootstrap.Weights(r, weights);
            var again = RocAuc.Of(scores, labels, Array.ConvertAll(cluster, c => (double)weights[c]));
            replicates[r].ShouldBe(again, .1 * error, $"seed {Seed}, replicate {r}");
        }
    }

    [Fact]
    public void Nothing_to_resample_gives_undefined_replicates()
    {
        var bootstrap = new ClusterBootstrap(Keys(3), Seed, 10);
        bootstrap.Ratios([], [], []).ShouldAllBe(x => double.IsNaN(x));
        bootstrap.Ratios([1, 2, 3], [0, 0, 0]).ShouldAllBe(x => double.IsNaN(x));
        Should.Throw<ArgumentException>(() => bootstrap.Ratios([1, 2], [1, 2]));
        Should.Throw<ArgumentException>(() => bootstrap.Ratios([1, 0], [1, 2], [1, 2]));
        Should.Throw<ArgumentException>(() => bootstrap.Ratios([0, 3], [1, 2], [1, 2]));
    }

    private static ulong[] Keys(int count)
    {
        var keys = new ulong[count];
        for (var i = 0; i < count; i++)
            keys[i] = StableHash.Of((long)i);
        return keys;
    }

    private static double[] Values(int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = CounterRandom.NormalAt(Seed, 1, (ulong)i);
        return values;
    }
}
