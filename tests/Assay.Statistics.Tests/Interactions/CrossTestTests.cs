using MathNet.Numerics.LinearAlgebra;

namespace Assay.Statistics.Tests;

/// <summary>The score test of a cross against its textbook form, and its size and power where the truth is planted.</summary>
public sealed class CrossTestTests
{
    private static readonly double[] EffectA = [-0.5, 0, 0.7];
    private static readonly double[] EffectB = [0.4, -0.3, 0, 0.2];

    private sealed record Draw(double[] Labels, double[] P, int[] A, int[] B, int[] Clusters, ulong[] Keys);

    // A logistic world; users of 10 rows share a and (where asked) an unobserved effect that makes their rows alike.
    private static Draw World(ulong seed, int users, double cross, double shared, bool modelKnowsMains = true)
    {
        var n = users * 10;
        var d = new Draw(new double[n], new double[n], new int[n], new int[n], new int[n], new ulong[users]);
        for (var i = 0; i < n; i++)
        {
            var user = i / 10;
            var (own, row) = (new CounterRandom(seed, "user", (ulong)user), new CounterRandom(seed, "row", (ulong)i));
            d.Keys[user] = StableHash.Of((long)user);
            (d.A[i], d.B[i], d.Clusters[i]) = (own.NextInt(3), row.NextInt(4), user);
            var alike = shared * own.NextNormal();
            var mains = EffectA[d.A[i]] + EffectB[d.B[i]] - 0.5;
            var logit = mains + (d.A[i] == 0 == (d.B[i] < 2) ? cross : -cross) + alike;
            d.Labels[i] = row.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
            d.P[i] = 1 / (1 + Math.Exp(-(modelKnowsMains ? mains : -0.5)));
        }
        return d;
    }

    private static CrossScore Test(Draw d, ulong seed = 1) =>
        new CrossTest(d.Labels, d.P, d.Clusters, d.Keys, seed).Of(d.A, 3, d.B, 4);

    [Fact]
    public void The_statistic_is_Raos_with_nuisance_projected_out()
    {
        // Rao (1948), as in Boos and Stefanski (2013), section 3.2: U' (I_zz − I_zx I_xx⁻¹ I_xz)⁻¹ U with U the scores of the (3 − 1)(4 − 1)
        // contrasts of full rank after one scoring step of the main effects; dense matrices over all rows.
        var d = World(3, 60, cross: 0.4, shared: 0, modelKnowsMains: false);
        var n = d.Labels.Length;
        double InA(int i, int level) => d.A[i] == level ? 1 : 0;
        double InB(int i, int level) => d.B[i] == level ? 1 : 0;
        var x = Matrix<double>.Build.Dense(
            n,
            6,
            (i, j) =>
                j == 0 ? 1
                : j < 3 ? InA(i, j)
                : InB(i, j - 2)
        );
        var z = Matrix<double>.Build.Dense(n, 6, (i, j) => InA(i, 1 + j / 3) * InB(i, 1 + j % 3));
        var w = Matrix<double>.Build.SparseOfDiagonalArray([.. d.P.Select(p => p * (1 - p))]);
        var r = Vector<double>.Build.Dense(n, i => d.Labels[i] - d.P[i]);
        var inverse = (x.Transpose() * w * x).Inverse();
        var u = z.Transpose() * (r - w * x * (inverse * (x.Transpose() * r)));
        var information = z.Transpose() * w * z - z.Transpose() * w * x * inverse * (x.Transpose() * w * z);
        var rao = u * information.Solve(u);
        Test(d).Statistic.ShouldBe(rao, 1e-8 * rao);
    }

    /// <summary>A household has one age: no cross of both says more than the household, whatever rounding leaves.</summary>
    [Fact]
    public void Of_a_variable_that_tells_the_other_there_is_no_cross()
    {
        const int rows = 2000;
        var random = new CounterRandom(1, "nested");
        int[] household = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(24))];
        int[] age = Array.ConvertAll(household, h => h % 5);
        int[] other = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(5))];
        double[] p = [.. Enumerable.Range(0, rows).Select(i => 0.1 + 0.03 * household[i])];
        double[] label = Array.ConvertAll(p, x => random.NextBool(x) ? 1.0 : 0);
        int[] cluster = [.. Enumerable.Range(0, rows).Select(i => i / 4)];
        var test = new CrossTest(label, p, cluster, [.. Enumerable.Range(0, rows / 4).Select(k => (ulong)k)], 1);
        test.Of(household, 24, age, 5).ShouldBe(new CrossScore(0, 0, 0, 1, 0));
        test.Of(household, 24, other, 5).DegreesOfFreedom.ShouldBe(23 * 4, 30);
    }

    [Fact]
    public void Independent_rows_have_the_textbook_degrees_of_freedom()
    {
        // (3 − 1)(4 − 1) = 6, and a mean of 6; 200 normal multipliers leave about 4 % of noise in the mean, 15 % in the variance.
        var score = Test(World(5, 3000, cross: 0, shared: 0));
        score.Expected.ShouldBeInRange(5, 7);
        score.DegreesOfFreedom.ShouldBeInRange(4, 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    public void Without_a_cross_five_in_a_hundred_are_called_significant(double shared)
    {
        // 400 worlds: 5 % ± 3 standard errors (1.1 %). With rows alike the model's mains are off; the test refits them.
        var significant = Enumerable.Range(0, 400).Count(s => Test(World((ulong)s, 150, 0, shared)).PValue < 0.05);
        significant.ShouldBeInRange(6, 34);
    }

    [Fact]
    public void The_gain_of_a_planted_cross_is_what_fitting_it_saves()
    {
        // Oracle: the cells' log odds fitted by their rates (the saturated model) save this much loss per row, the share of chance
        // (6 degrees of freedom, half a nat each) taken off.
        var d = World(7, 3000, cross: 0.25, shared: 0);
        var score = Test(d);
        score.PValue.ShouldBeLessThan(1e-6);
        var saved = 0.0;
        foreach (var cell in Enumerable.Range(0, d.Labels.Length).GroupBy(i => d.A[i] * 4 + d.B[i]))
        {
            var rate = cell.Average(i => d.Labels[i]);
            saved += cell.Sum(i => d.Labels[i] > 0.5 ? Math.Log(rate / d.P[i]) : Math.Log((1 - rate) / (1 - d.P[i])));
        }
        var oracle = (saved - 6) / d.Labels.Length;
        score.Gain.ShouldBe(oracle, 0.15 * oracle);
    }
}
