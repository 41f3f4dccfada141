using Assay.Attribution.Games;
using Assay.Attribution.Methods;
using MathNet.Numerics.Distributions;

namespace Assay.ShapleyBench;

/// <summary>What an estimator did with a budget, over games and seeds.</summary>
internal sealed class Trial
{
    private readonly List<double> errors = [];
    private long covered;
    private long intervals;

    /// <summary>Relative squared errors, one a game and seed, in ascending order.</summary>
    public double Median => errors.Order().ElementAt(errors.Count / 2);

    public double Mean => errors.Average();

    /// <summary>The share of 95 % intervals that hold the truth; null where none are stated.</summary>
    public double? Coverage => intervals == 0 ? null : (double)covered / intervals;

    public static Trial Run(
        IGames games,
        double[][] truth,
        double[][]? noise,
        int budget,
        int seeds,
        Func<SamplerChoice, IGameEstimator> sampler
    )
    {
        var trial = new Trial();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var fits = new OddFits();
            var played = GameDriver.Run(
                games,
                budget,
                null,
                g => sampler(new(games.Players, budget, (ulong)seed, (ulong)g, false, fits))
            );
            for (var g = 0; g < played.Length; g++)
                trial.Add(played[g].Estimate, truth[g], noise?[g]);
        }
        return trial;
    }

    private void Add(ShapleyEstimate estimate, double[] truth, double[]? noise)
    {
        double error = 0,
            scale = 0;
        var t = estimate.DegreesOfFreedom > 0 ? StudentT.InvCDF(0, 1, estimate.DegreesOfFreedom, 0.975) : 0;
        for (var p = 0; p < truth.Length; p++)
        {
            var off = estimate.Values[p] - truth[p];
            error += off * off;
            scale += truth[p] * truth[p];
            if (double.IsNaN(estimate.StandardErrors[p]))
                continue;
            // The truth has an error of its own where it was sampled; a feature without effect is exact.
            var own = noise?[p] ?? 0;
            var known = Math.Sqrt(estimate.StandardErrors[p] * estimate.StandardErrors[p] + own * own);
            intervals++;
            covered += Math.Abs(off) <= t * known + 1e-7 * Math.Sqrt(scale) ? 1 : 0;
        }
        errors.Add(error / scale);
    }
}
