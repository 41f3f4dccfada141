namespace Assay.Statistics.Tests.Comparison;

/// <summary>Shares of clustered rows compared: against closed forms, Welch's test, the bootstrap, and simulated worlds.</summary>
public class ShareDriftTests
{
    private readonly ITestOutputHelper output = TestContext.Current.TestOutputHelper!;

    // Rows that are clusters of their own: those of the one side first.
    private static ShareDrift Rows(int[] expected, int[] actual)
    {
        var (bins, rows) = (expected.Length, expected.Sum() + actual.Sum());
        var (e, a) = (new double[rows * bins], new double[rows * bins]);
        var at = 0;
        foreach (var (counts, side) in new[] { (expected, e), (actual, a) })
            for (var k = 0; k < bins; k++)
            for (var i = 0; i < counts[k]; i++)
                side[at++ * bins + k] = 1;
        return ShareDrift.Of(e, a, bins);
    }

    [Fact]
    public void Two_Bernoulli_samples_are_Welch_s_test()
    {
        var found = Rows([5, 5], [5, 15]);
        // ¼ ln 3, see DriftTests; R: t.test(rep(0:1, 5), rep(0:1, c(5, 15))): t = −1.2885, df = 15.598.
        found.Index.ShouldBe(Math.Log(3) / 4, 1e-12);
        found.PValue.ShouldBe(PValues.FromT(-1.28849, 15.598), 1e-5);
        // Var(q − p) (1/m₁ + 1/m₂) with m = ⅝, ⅜: .0376462 · (1.6 + 2.66667).
        found.Noise.ShouldBe(0.0376462 * (1.6 + 8 / 3.0), 1e-5);
        Rows([7, 5], [14, 10]).Index.ShouldBe(0, 1e-15);
        Rows([7, 5], [14, 10]).Value.ShouldBe(0);
    }

    [Fact]
    public void Normal_distributions_have_the_closed_form()
    {
        // Kullback and Leibler 1951: J of N(0, 1) and N(δ, 1) is δ².
        const double delta = 0.5;
        const int bins = 64;
        double Mass(double mean, int k)
        {
            double At(int edge) =>
                edge == 0 ? 0
                : edge == bins ? 1
                : MathNet.Numerics.Distributions.Normal.CDF(mean, 1, -3 + edge * 6.5 / bins);
            return At(k + 1) - At(k);
        }
        const int clusters = 2;
        var (e, a) = (new double[clusters * bins], new double[clusters * bins]);
        for (var i = 0; i < clusters * bins; i++)
            (e[i], a[i]) = (1e6 * Mass(0, i % bins), 1e6 * Mass(delta, i % bins));
        ShareDrift.Of(e, a, bins).Index.ShouldBe(delta * delta, 0.003);
    }

    [Fact]
    public void One_empty_side_or_one_cluster_have_no_test()
    {
        Should.Throw<ArgumentException>(() => ShareDrift.Of([0, 0], [1, 2], 2));
        Should.Throw<ArgumentException>(() => ShareDrift.Of([1, 0, 1], [1, 2, 1], 2));
        ShareDrift.Of([3, 1], [1, 3], 2).PValue.ShouldBe(double.NaN);
        // The same bin everywhere: certain.
        ShareDrift.Of([3, 0, 2, 0], [1, 0, 4, 0], 2).PValue.ShouldBe(1);
        ShareDrift.Of([3, 0, 2, 0], [0, 1, 0, 4], 2).PValue.ShouldBe(0);
    }

    /// <summary>Clusters lean to levels of their own; some are on both sides. Rows of level k: weight × 1 + shift[k].</summary>
    private static (double[] E, double[] A) World(ulong seed, int clusters, double[] shift, double concentration)
    {
        var bins = shift.Length;
        var random = new CounterRandom(seed, "clustered shares");
        var (e, a) = (new double[clusters * bins], new double[clusters * bins]);
        var lean = new double[bins];
        for (var c = 0; c < clusters; c++)
        {
            for (var k = 0; k < bins; k++)
                lean[k] = Math.Exp(concentration * random.NextNormal());
            // Sixty per cent of the clusters are in training, the same share in the explained rows.
            if (random.NextBool(0.6))
                Draw(e, 5 + random.NextInt(40), new double[bins]);
            if (random.NextBool(0.6))
                Draw(a, 2 + random.NextInt(10), shift);
            void Draw(double[] side, int rows, double[] by)
            {
                var total = lean.Zip(by, (l, s) => l * (1 + s)).Sum();
                for (var r = 0; r < rows; r++)
                {
                    var u = random.NextDouble() * total;
                    var k = 0;
                    while (k < bins - 1 && (u -= lean[k] * (1 + by[k])) > 0)
                        k++;
                    side[c * bins + k]++;
                }
            }
        }
        return (e, a);
    }

    [Theory]
    [InlineData(60, 6, 1.0)]
    [InlineData(300, 10, 0.6)]
    [InlineData(300, 20, 2.0)]
    public void Without_drift_p_is_uniform_and_the_index_is_noise(int clusters, int bins, double concentration)
    {
        const int worlds = 1000;
        const ulong seed = 20_261_124;
        var p = new double[worlds];
        double index = 0,
            noise = 0,
            held = 0;
        for (var w = 0; w < worlds; w++)
        {
            var (e, a) = World(seed + (ulong)w, clusters, new double[bins], concentration);
            var found = ShareDrift.Of(e, a, bins);
            p[w] = found.PValue;
            index += found.Index / worlds;
            noise += found.Noise / worlds;
            held += found.Interval.Contains(0) ? 1.0 / worlds : 0;
        }
        var below = new[] { 0.01, 0.05, 0.1, 0.5, 0.9 }.Select(x => (x, share: p.Count(v => v < x) / (double)worlds));
        output.WriteLine(
            $"seed {seed}: {string.Join(", ", below.Select(b => $"p < {b.x}: {b.share:0.0000}"))}; index {index:0.0000}, noise {noise:0.0000}, 0 held {held:0.0000}"
        );
        // Binomial: three and a half standard errors.
        foreach (var (x, share) in below)
            share.ShouldBe(x, 3.5 * Math.Sqrt(x * (1 - x) / worlds) + 0.005);
        index.ShouldBe(noise, 0.12 * noise);
        held.ShouldBeGreaterThan(0.94);
    }

    [Fact]
    public void The_interval_holds_a_true_drift_and_agrees_with_the_bootstrap()
    {
        const int worlds = 400;
        double[] shift = [0.9, 0.4, 0, 0, -0.3, -0.6];
        // The truth from a world so large that noise does not count.
        var (allE, allA) = World(7, 50_000, shift, 0.7);
        var truth = ShareDrift.Of(allE, allA, shift.Length);
        var held = 0;
        double errors = 0,
            values = 0,
            squares = 0;
        for (var w = 0; w < worlds; w++)
        {
            var (e, a) = World(1000 + (ulong)w, 300, shift, 0.7);
            var found = ShareDrift.Of(e, a, shift.Length);
            held += found.Interval.Contains(truth.Index) ? 1 : 0;
            errors += found.StandardError * found.StandardError / worlds;
            values += (found.Index - found.Noise) / worlds;
            squares += Math.Pow(found.Index - found.Noise - truth.Index, 2) / worlds;
        }
        output.WriteLine(
            $"truth {truth.Index:0.0000}, mean {values:0.0000}, held {held}, {errors:0.0e+0} {squares:0.0e+0}"
        );
        values.ShouldBe(truth.Index, 0.03 * truth.Index);
        // The errors are those that there are.
        Math.Sqrt(errors / squares).ShouldBe(1, 0.12);
        ((double)held / worlds).ShouldBeInRange(0.92, 0.98);
    }

    [Fact]
    public void The_error_far_from_no_drift_is_the_bootstrap_s()
    {
        double[] shift = [3, 1, 0, 0, -0.5, -0.8];
        var bins = shift.Length;
        var (e, a) = World(5, 1000, shift, 0.7);
        var keys = Enumerable.Range(0, 1000).Select(i => (ulong)i).ToArray();
        var bootstrap = new ClusterBootstrap(keys, 3, 1000);
        double[] Columns(double[] rows) =>
            [.. Enumerable.Range(0, bins).SelectMany(k => Enumerable.Range(0, 1000).Select(c => rows[c * bins + k]))];
        var (sumsE, sumsA) = (new double[bins * 1000], new double[bins * 1000]);
        bootstrap.Sums(Columns(e), sumsE);
        bootstrap.Sums(Columns(a), sumsA);
        double[] Of(double[] sums, int r) => [.. Enumerable.Range(0, bins).Select(k => sums[k * 1000 + r])];
        var replicates = Enumerable
            .Range(0, 1000)
            .Select(r => Drift.PopulationStabilityIndex(Of(sumsE, r), Of(sumsA, r)))
            .ToArray();
        // A share of clusters on both sides is drawn with one weight; 2 % is the bootstrap's own noise with 1000 replicates.
        ShareDrift
            .Of(e, a, bins)
            .StandardError.ShouldBe(Intervals.BootstrapStandardError(replicates, 1000), 0.08 * 0.05);
    }
}
