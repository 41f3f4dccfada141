using Assay.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace Assay.Studies.Tests;

public sealed class ShrinkageTests
{
    private static double[,] Diagonal(params double[] errors)
    {
        var covariance = new double[errors.Length, errors.Length];
        for (var i = 0; i < errors.Length; i++)
            covariance[i, i] = errors[i] * errors[i];
        return covariance;
    }

    [Fact]
    public void Noisy_segments_are_drawn_to_the_mean_and_sure_ones_stay()
    {
        var shrunk = Shrinkage.Of([0.0, 1.0, 0.5, 3.0], Diagonal(0.01, 0.01, 0.01, 5));
        shrunk[0].Value.ShouldBe(0, 0.01);
        shrunk[1].Value.ShouldBe(1, 0.01);
        shrunk[3].Value.ShouldBeInRange(0.3, 0.9);
        shrunk[3].Error.ShouldBeLessThan(2);
        shrunk[0].Error.ShouldBe(0.01, 0.001);
    }

    [Theory]
    [InlineData(2, 0.0)]
    [InlineData(4, 0.0)]
    [InlineData(12, 0.0)]
    [InlineData(5, 0.6)]
    public void Its_errors_are_as_large_as_it_says(int segments, double correlation)
    {
        // Drawing truths from the prior, the posterior must hold its promise whatever the estimates (Cook, Gelman and
        // Rubin 2006): mean squared error / variance is 1, and 95 % of the intervals hold the truth.
        const int draws = 1500;
        var random = new CounterRandom(3, "shrink", (ulong)segments);
        double[] errors = [.. Enumerable.Range(0, segments).Select(s => 0.1 * (1 + s % 3))];
        var covariance = Diagonal(errors);
        for (var i = 0; i < segments; i++)
        for (var j = 0; j < segments; j++)
            if (i != j)
                covariance[i, j] = correlation * errors[i] * errors[j];
        var factor = Matrix<double>.Build.DenseOfArray(covariance).Cholesky().Factor;
        var scale = Math.Sqrt(segments / errors.Sum(e => 1 / (e * e)));
        var (held, ratio) = (0, 0.0);
        for (var d = 0; d < draws; d++)
        {
            var kept = random.NextDouble();
            var tau = scale * (1 - kept) / kept;
            double[] truth = [.. errors.Select(_ => 7 + tau * random.NextNormal())];
            var noise = factor * Vector<double>.Build.Dense(segments, _ => random.NextNormal());
            var shrunk = Shrinkage.Of([.. truth.Select((t, s) => t + noise[s])], covariance);
            for (var s = 0; s < segments; s++)
            {
                var z = (shrunk[s].Value - truth[s]) / shrunk[s].Error;
                held += Math.Abs(z) < 1.96 ? 1 : 0;
                ratio += z * z / segments / draws;
            }
        }
        ratio.ShouldBe(1, 0.08);
        (held / (double)(draws * segments)).ShouldBeInRange(0.935, 0.965);
    }

    [Fact]
    public void It_comes_closer_to_the_truth_than_the_estimates()
    {
        // Efron and Morris 1975: shrinking 12 equal-error estimates lowers the summed squared error.
        var random = new CounterRandom(4, "risk");
        var (raw, drawn) = (0.0, 0.0);
        for (var d = 0; d < 200; d++)
        {
            double[] truth = [.. Enumerable.Range(0, 12).Select(_ => 0.5 * random.NextNormal())];
            double[] values = [.. truth.Select(t => t + random.NextNormal())];
            var shrunk = Shrinkage.Of(values, Diagonal([.. Enumerable.Repeat(1.0, 12)]));
            for (var s = 0; s < 12; s++)
            {
                raw += Math.Pow(values[s] - truth[s], 2);
                drawn += Math.Pow(shrunk[s].Value - truth[s], 2);
            }
        }
        drawn.ShouldBeLessThan(0.5 * raw);
    }
}
