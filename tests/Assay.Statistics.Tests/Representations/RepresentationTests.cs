using MathNet.Numerics.LinearAlgebra;

namespace Assay.Statistics.Tests.Representations;

/// <summary>Probes, CKA and dimension against their definitions, written out with matrices.</summary>
public sealed class RepresentationTests
{
    private const int Rows = 60;

    private static double[] Normal(string purpose, int count)
    {
        var random = new CounterRandom(11, purpose);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
    }

    private static Matrix<double> Gram(double[] values)
    {
        var x = Matrix<double>.Build.DenseOfRowMajor(Rows, values.Length / Rows, values);
        return x.TransposeAndMultiply(x);
    }

    /// <summary>Equation 5 of Song et al. 2012, with n × n matrices.</summary>
    private static double Hsic(Matrix<double> k, Matrix<double> l)
    {
        var (a, b) = (k.Clone(), l.Clone());
        a.SetDiagonal(new double[Rows]);
        b.SetDiagonal(new double[Rows]);
        var one = Vector<double>.Build.Dense(Rows, 1);
        double n = Rows;
        return (
                (a * b).Trace()
                + one * (a * one) * (one * (b * one)) / ((n - 1) * (n - 2))
                - 2 / (n - 2) * (one * (a * (b * one)))
            ) / (n * (n - 3));
    }

    [Fact]
    public void Cka_is_its_definition_with_gram_matrices()
    {
        var x = Normal("x", Rows * 5);
        var y = Normal("y", Rows * 3).Select((v, i) => v + 2 * x[i / 3 * 5] + 7).ToArray();
        var (k, l) = (Gram(x), Gram(y));
        var expected = Hsic(k, l) / Math.Sqrt(Hsic(k, k) * Hsic(l, l));
        LinearCka.Of(x, Rows).With(LinearCka.Of(y, Rows)).ShouldBe(expected, 1e-10);
        expected.ShouldBeInRange(0.1, 0.9);
    }

    [Fact]
    public void Cka_does_not_see_rotation_shift_and_scale_and_is_nought_for_strangers()
    {
        var x = Normal("x", Rows * 2);
        // A turn by 30°, a shift and a scale.
        var (cosine, sine) = (Math.Cos(Math.PI / 6), Math.Sin(Math.PI / 6));
        var turned = new double[x.Length];
        for (var r = 0; r < Rows; r++)
        {
            turned[2 * r] = 3 * (cosine * x[2 * r] - sine * x[2 * r + 1]) + 5;
            turned[2 * r + 1] = 3 * (sine * x[2 * r] + cosine * x[2 * r + 1]) - 1;
        }
        LinearCka.Of(x, Rows).With(LinearCka.Of(turned, Rows)).ShouldBe(1, 1e-12);
        // The biased estimate of 200 independent dimensions on 60 rows would be about 0.8.
        var strangers = LinearCka.Of(Normal("a", Rows * 200), Rows).With(LinearCka.Of(Normal("b", Rows * 200), Rows));
        Math.Abs(strangers).ShouldBeLessThan(0.2);
        LinearCka.Of(x, Rows).With(LinearCka.Of(new double[Rows], Rows)).ShouldBe(double.NaN);
    }

    [Fact]
    public void A_probe_solves_the_normal_equations()
    {
        const int width = 4;
        var x = Normal("probe", Rows * width).Select((v, i) => v * (1 + i % width) + i % width).ToArray();
        var y = Normal("target", Rows).Select((v, r) => v + x[r * width] - 0.5 * x[r * width + 2]).ToArray();
        foreach (var penalty in new[] { 0.01, 1.0 })
        {
            var probe = RidgeProbe.Of(x, Rows).Fit(y, penalty);
            var z = Matrix<double>.Build.DenseOfRowMajor(Rows, width, x);
            for (var c = 0; c < width; c++)
            {
                var column = z.Column(c);
                var mean = column.Sum() / Rows;
                var scale = Math.Sqrt(column.Sum(v => (v - mean) * (v - mean)) / Rows);
                z.SetColumn(c, (column - mean) / scale);
            }
            var centred = Vector<double>.Build.Dense(y) - y.Average();
            var left = z.TransposeThisAndMultiply(z) / Rows + penalty * Matrix<double>.Build.DenseIdentity(width);
            var expected = z * left.Solve(z.TransposeThisAndMultiply(centred) / Rows) + y.Average();
            probe.Predict(x).ShouldBe(expected.ToArray(), 1e-10);
        }
    }

    [Fact]
    public void Without_penalty_a_line_is_found_and_cross_validation_chooses_little_penalty_for_it()
    {
        var x = Normal("line", Rows * 2);
        var y = Enumerable.Range(0, Rows).Select(r => 3 - 2 * x[2 * r] + x[2 * r + 1]).ToArray();
        var probe = RidgeProbe.Of(x, Rows).Fit(y);
        probe.Penalty.ShouldBe(1e-5, 1e-12);
        probe.Coefficients.ShouldBe([-2.0, 1.0], 1e-3);
        probe.Intercept.ShouldBe(3, 1e-3);
        // Nothing to be learnt: the largest penalty.
        RidgeProbe.Of(x, Rows).Fit(Normal("noise", Rows)).Penalty.ShouldBeGreaterThan(1);
        RidgeProbe
            .Of(new double[Rows], Rows)
            .Fit(y)
            .Predict(new double[Rows])
            .ShouldAllBe(v => Math.Abs(v - y.Average()) < 1e-12);
    }

    [Fact]
    public void The_participation_ratio_counts_directions()
    {
        // Two orthogonal columns of equal variance, then one of them twice as wide: (1 + 4)² / (1 + 16).
        double[] square = [1, 1, 1, -1, -1, 1, -1, -1];
        EffectiveDimension.ParticipationRatio(square, 4).ShouldBe(2, 1e-12);
        EffectiveDimension.ParticipationRatio([1, 2, 1, -2, -1, 2, -1, -2], 4).ShouldBe(25.0 / 17, 1e-12);
        EffectiveDimension.ParticipationRatio([1, 1, 2, 2, 3, 3], 3).ShouldBe(1, 1e-12);
        EffectiveDimension.ParticipationRatio([5, 5], 2).ShouldBe(0);
    }
}
