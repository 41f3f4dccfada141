namespace Assay.Statistics.Tests.Bootstrap;

public class DegreesOfFreedomTests
{
    // R 4.2.2, the formula typed in: u <- mtcars$hp^2 - mean(mtcars$hp^2); m2 <- mean(u^2); g <- mean(u^3)/m2^1.5;
    // k <- mean(u^4)/m2^2 - 3; z <- qnorm(.975); 1/(1/31 + 4*(g^2*(z^4+2*z^2-3)/18 - k*(z^2-3)/12)/(32*(z^2+1)))
    [Fact]
    public void Formula_in_r()
    {
        double[] power =
        [
            .. new double[]
            {
                110,
                110,
                93,
                110,
                175,
                105,
                245,
                62,
                95,
                123,
                123,
                180,
                180,
                180,
                205,
                215,
                230,
                66,
                52,
                65,
                97,
                150,
                150,
                245,
                175,
                66,
                91,
                113,
                264,
                175,
                335,
                109,
            }.Select(h => h * h),
        ];
        var mean = power.Average();
        ClusterStandardError.DegreesOfFreedom(Array.ConvertAll(power, p => p - mean)).ShouldBe(9.42485568105889, 1e-12);
    }

    // R as above: c(1, 1, 1, -1, rep(0, 96)).
    [Fact]
    public void Few_clusters_that_matter_leave_few_degrees()
    {
        var influence = new double[100];
        (influence[3], influence[20], influence[21], influence[99]) = (1, 1, 1, -1);
        ClusterStandardError.DegreesOfFreedom(influence).ShouldBe(18.8242390235413, 1e-11);
        // Units do not matter.
        ClusterStandardError
            .DegreesOfFreedom(Array.ConvertAll(influence, u => 1e-200 * u))
            .ShouldBe(18.8242390235413, 1e-11);
        // All one way: about as many degrees as clusters that matter; both ways alike: no need for fewer.
        influence[99] = 1;
        ClusterStandardError.DegreesOfFreedom(influence).ShouldBeInRange(3, 6);
        (influence[3], influence[99]) = (-1, -1);
        ClusterStandardError.DegreesOfFreedom(influence).ShouldBe(99, 1e-9);
        ClusterStandardError.DegreesOfFreedom(new double[50]).ShouldBe(49);
        ClusterStandardError.DegreesOfFreedom([1, -1]).ShouldBe(1);
        ClusterStandardError.DegreesOfFreedom([1]).ShouldBe(double.NaN);
    }

    // Cumulants of a compound Poisson sum: many replicates of Σ (w − 1) u say of u what u itself says.
    [Theory]
    [InlineData(0.05, 7)]
    [InlineData(0.3, 25)]
    [InlineData(1.0, 40)]
    public void Replicates_say_what_influences_say(double rate, ulong seed)
    {
        const int Clusters = 60;
        var random = new CounterRandom(seed, stream: 1);
        var (values, ones, keys) = (new double[Clusters], new double[Clusters], new ulong[Clusters]);
        for (var c = 0; c < Clusters; c++)
            (keys[c], ones[c], values[c]) = (
                random.NextUInt64(),
                1,
                random.NextBool(rate) ? Math.Exp(random.NextNormal()) : 0
            );
        double[] influence = ClusterStandardError.Influence([new(values, ones)]);
        var sums = new double[20_000];
        new ClusterBootstrap(keys, 3, sums.Length).Sums(influence, sums);
        var expected = ClusterStandardError.DegreesOfFreedom(influence);
        ClusterStandardError.DegreesOfFreedomOfReplicates(sums, Clusters).ShouldBe(expected, 0.15 * expected);
    }

    [Fact]
    public void Replicates_that_say_nothing_leave_all_degrees()
    {
        ClusterStandardError.DegreesOfFreedomOfReplicates(new double[100], 30).ShouldBe(29);
        ClusterStandardError.DegreesOfFreedomOfReplicates([1, 2, 3], 30).ShouldBe(29);
        ClusterStandardError.DegreesOfFreedomOfReplicates([1, 2, 3], 1).ShouldBe(double.NaN);
        // Undefined replicates are as if absent; units do not matter.
        double[] some = [.. Enumerable.Range(0, 100).Select(i => (double)i * i * i)];
        var all = ClusterStandardError.DegreesOfFreedomOfReplicates(some, 30);
        all.ShouldBeLessThan(29);
        ClusterStandardError.DegreesOfFreedomOfReplicates([double.NaN, .. some], 30).ShouldBe(all);
        ClusterStandardError
            .DegreesOfFreedomOfReplicates(Array.ConvertAll(some, v => 1e-6 * v - 1), 30)
            .ShouldBe(all, 1e-6 * all);
    }

    /// <summary>A contrast of two segments, each with an effect in few of its users: no influences, only replicates that share weights.</summary>
    [Fact]
    public void Contrasts_of_rare_effects_hold_the_truth()
    {
        const int Worlds = 1000,
            Clusters = 80;
        var (percentile, fitted) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var random = new CounterRandom(seed: 6, stream: (ulong)world);
            var keys = new ulong[Clusters];
            var (many, few, ones) = (new double[Clusters], new double[Clusters], new double[Clusters]);
            for (var c = 0; c < Clusters; c++)
            {
                (keys[c], ones[c]) = (StableHash.Combine((ulong)world, (ulong)c), 1);
                many[c] = 0.2 * random.NextNormal() + (random.NextBool(0.06) ? 1 : 0);
                few[c] = 0.2 * random.NextNormal() + (random.NextBool(0.02) ? 1 : 0);
            }
            var bootstrap = new ClusterBootstrap(keys, 7, 300);
            double[] replicates = [.. bootstrap.Ratios(many, ones).Zip(bootstrap.Ratios(few, ones), (a, b) => a - b)];
            var degrees = ClusterStandardError.DegreesOfFreedomOfReplicates(replicates, Clusters);
            var error = Intervals.BootstrapStandardError(replicates, Clusters);
            var value = many.Average() - few.Average();
            percentile += Intervals.Percentile(replicates, Clusters).Contains(0.04) ? 1 : 0;
            fitted += Intervals.StudentT(value, error, degrees).Contains(0.04) ? 1 : 0;
        }
        ((double)fitted / Worlds).ShouldBeInRange(0.93, 0.975, $"percentile {percentile}");
        percentile.ShouldBeLessThan(fitted);
    }

    [Fact]
    public void Influences_are_what_the_standard_error_is_made_of()
    {
        double[] numerators = [1, 4, 2, 0, 5],
            denominators = [2, 3, 1, 2, 4];
        var influence = ClusterStandardError.Influence([new(numerators, denominators)]);
        influence.Sum().ShouldBe(0, 1e-15);
        Math.Sqrt(5 / 4.0 * influence.Sum(u => u * u))
            .ShouldBe(ClusterStandardError.OfRatio(numerators, denominators), 1e-15);
    }

    /// <summary>
    /// 80 clusters of which 5 on average change anything, by +1: percentiles are too narrow; Student's t is too with the clusters
    /// less one, and wide enough with fitted degrees.
    /// </summary>
    [Fact]
    public void Intervals_of_rare_effects_hold_the_truth()
    {
        const int Worlds = 1000,
            Clusters = 80;
        const double Rate = 0.06;
        var (percentile, usual, fitted) = (0, 0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var random = new CounterRandom(seed: 5, stream: (ulong)world);
            var keys = new ulong[Clusters];
            var (values, ones) = (new double[Clusters], new double[Clusters]);
            for (var c = 0; c < Clusters; c++)
            {
                (keys[c], ones[c]) = (StableHash.Combine((ulong)world, (ulong)c), 1);
                values[c] = 0.2 * random.NextNormal() + (random.NextBool(Rate) ? 1 : 0);
            }
            var replicates = new ClusterBootstrap(keys, 7, 300).Ratios(values, ones);
            var value = values.Average();
            var degrees = ClusterStandardError.DegreesOfFreedom(ClusterStandardError.Influence([new(values, ones)]));
            var error = Intervals.BootstrapStandardError(replicates, Clusters);
            percentile += Intervals.Percentile(replicates, Clusters).Contains(Rate) ? 1 : 0;
            usual += Intervals.StudentT(value, error, Clusters - 1).Contains(Rate) ? 1 : 0;
            fitted += Intervals.StudentT(value, error, degrees).Contains(Rate) ? 1 : 0;
        }
        ((double)fitted / Worlds).ShouldBeInRange(0.93, 0.97);
        usual.ShouldBeLessThan(fitted);
        percentile.ShouldBeLessThan(fitted);
    }
}
