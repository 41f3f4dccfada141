using Assay.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace Assay.Studies.Tests;

public sealed class SegmentTestTests
{
    // Student's sleep data (R's "sleep"): hours of extra sleep under two drugs, the same ten patients.
    private static readonly double[][] Sleep =
    [
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
    ];

    // R's "InsectSprays".
    private static readonly double[][] Sprays =
    [
        [10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13],
        [11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13],
        [0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4],
        [3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4],
        [3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4],
        [11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13],
    ];

    // Means of groups and the covariance of these means; rows are shared by all groups or by none.
    private static SegmentTest Of(double[][] groups, bool disjoint, int replicates = 100_000)
    {
        var k = groups.Length;
        var n = groups[0].Length;
        double[] means = [.. groups.Select(g => g.Average())];
        var covariance = new double[k, k];
        for (var i = 0; i < k; i++)
        for (var j = 0; j < k; j++)
        for (var c = 0; c < n; c++)
            if (i == j || !disjoint)
                covariance[i, j] += (groups[i][c] - means[i]) * (groups[j][c] - means[j]) / (n - 1) / n;
        return SegmentTest.Of(means, covariance, [.. groups.Select(g => g.Length)], disjoint, replicates);
    }

    [Fact]
    public void Groups_that_share_nothing_are_tested_as_by_R()
    {
        // R 4: oneway.test(extra ~ group, sleep) p = 0.07939; oneway.test(count ~ spray, InsectSprays) p = 7.999e-12.
        Of(Sleep, disjoint: true).PValue.ShouldBe(0.07939, 5e-6);
        (Of(Sprays, disjoint: true).PValue / 7.999e-12).ShouldBe(1, 2e-4);
        Of(Sprays, disjoint: true).Name.ShouldBe(SegmentTest.Welch);
    }

    [Fact]
    public void Groups_of_the_same_clusters_are_tested_as_by_R()
    {
        // R 4: t.test(x, y, paired = TRUE) on sleep, p = 0.002833; Hotelling's T² of one difference is the paired t².
        var test = Of(Sleep, disjoint: false);
        (test.Name, Math.Round(test.PValue, 6)).ShouldBe((SegmentTest.Wald, 0.002833));
        double.IsNaN(test.Q).ShouldBeTrue();
    }

    [Theory]
    // Upper 5 % and 1 % points of F in any table: F(3, 10), F(1, 30), F(5, 30).
    [InlineData(3.708, 3, 10, 0.05)]
    [InlineData(4.171, 1, 30, 0.05)]
    [InlineData(3.699, 5, 30, 0.01)]
    public void Tail_of_F_is_that_of_the_tables(double x, double first, double second, double p) =>
        SegmentTest.UpperF(x, first, second).ShouldBe(p, 3e-5);

    // Clusters have effects of their own; each cluster lies in all segments, or in one. Errors are skewed, sizes unequal.
    private static SegmentTest Null(
        ulong seed,
        int segments,
        int clusters,
        bool disjoint,
        int replicates,
        double shift = 0
    )
    {
        var random = new CounterRandom(seed, "null");
        var keys = Enumerable.Range(0, clusters).Select(c => (ulong)c * 7919 + seed).ToArray();
        var bootstrap = new ClusterBootstrap(keys, seed, replicates);
        var effect = keys.Select(_ => random.NextNormal()).ToArray();
        var values = new double[segments];
        var (sets, counts) = (new float[segments][], new int[segments]);
        for (var s = 0; s < segments; s++)
        {
            var (sums, rows) = (new double[clusters], new double[clusters]);
            for (var c = 0; c < clusters; c++)
            {
                if (disjoint && c % segments != s)
                    continue;
                rows[c] = 1 + random.NextInt(1 + 4 * (s + 1));
                var own = random.NextNormal() * (1 + s % 2);
                sums[c] = rows[c] * (effect[c] + own + (s == 0 ? shift : 0));
                counts[s]++;
            }
            values[s] = sums.Sum() / rows.Sum();
            sets[s] = Array.ConvertAll(bootstrap.Ratios(sums, rows), v => (float)v);
        }
        var covariance = Replicates.Correlation(sets);
        double[] errors =
        [
            .. sets.Select(s => Intervals.BootstrapStandardError(Array.ConvertAll(s, v => (double)v), clusters)),
        ];
        for (var i = 0; i < segments; i++)
        for (var j = 0; j < segments; j++)
            covariance[i, j] = disjoint && i != j ? 0 : covariance[i, j] * errors[i] * errors[j];
        return SegmentTest.Of(values, covariance, counts, disjoint, replicates);
    }

    [Theory]
    [InlineData(4, 240, true, 300, SegmentTest.Welch)]
    [InlineData(4, 100, false, 300, SegmentTest.Wald)]
    // More differences than replicates or clusters could tell apart.
    [InlineData(60, 100, false, 100, SegmentTest.Box)]
    public void Where_nothing_differs_one_test_in_twenty_says_so(
        int segments,
        int clusters,
        bool disjoint,
        int replicates,
        string name
    )
    {
        const int worlds = 400;
        var tests = Enumerable
            .Range(0, worlds)
            .Select(w => Null((ulong)w + 1, segments, clusters, disjoint, replicates))
            .ToArray();
        tests.ShouldAllBe(t => t.Name == name);
        var rate = tests.Count(t => t.PValue < 0.05) / (double)worlds;
        // Three standard errors of a rate of 5 % in 400 worlds. The last test errs on the safe side: its degrees of freedom
        // are those of one segment's error, and the errors of sixty average out.
        rate.ShouldBeInRange(name == SegmentTest.Box ? 0 : 0.05 - 0.033, 0.05 + 0.033);
    }

    [Theory]
    [InlineData(4, 240, true, 300)]
    [InlineData(4, 100, false, 300)]
    [InlineData(60, 100, false, 100)]
    public void Where_one_segment_differs_much_it_is_found(int segments, int clusters, bool disjoint, int replicates) =>
        Enumerable
            .Range(1, 20)
            .ShouldAllBe(w => Null((ulong)w, segments, clusters, disjoint, replicates, 3).PValue < 0.01);

    [Fact]
    public void Between_segments_variance_is_recovered_whether_or_not_they_share_clusters()
    {
        // 12 true values with standard deviation 1 seen with correlated errors: the mean of tau² over draws is 1.
        var random = new CounterRandom(5, "tau");
        var covariance = new double[12, 12];
        for (var i = 0; i < 12; i++)
        for (var j = 0; j < 12; j++)
            covariance[i, j] = i == j ? 0.5 : 0.3;
        var factor = Matrix<double>.Build.DenseOfArray(covariance).Cholesky().Factor;
        var mean = 0.0;
        for (var d = 0; d < 400; d++)
        {
            var noise = factor * Vector<double>.Build.Dense(12, _ => random.NextNormal());
            double[] values = [.. noise.Select(e => e + random.NextNormal())];
            var tau = SegmentTest.Of(values, covariance, [.. Enumerable.Repeat(1000, 12)], false, 1000).Tau;
            mean += tau * tau / 400;
        }
        mean.ShouldBe(1, 0.08);
    }
}
