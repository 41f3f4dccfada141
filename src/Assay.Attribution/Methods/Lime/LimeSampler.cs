using Assay.Attribution.Games;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>LIME over drawn coalitions, each with its complement, by weighted ridge regression.</summary>
internal sealed class LimeSampler(int players, CounterRandom random, bool inRounds) : ILocalFit
{
    private readonly Coalitions drawn = new(players);
    private readonly List<double> values = [];
    private int most = -1;
    private LocalFit? fit;

    /// <summary>The fewest coalitions: those of nobody and of all, and a pair more than there are coefficients.</summary>
    public static int Fewest(int players) => 2 * players + 6;

    public double Fidelity => Fit.Fidelity;

    private LocalFit Fit => fit ??= LocalFit.OfPairs(drawn, values.ToArray(), Weights(), LimeKernel.Ridge);

    // A game pays for the ends to have its targets; as draws they would be no coins.
    public void Begin(double nobody, double all) { }

    public void Ask(Coalitions wanted, int affordable)
    {
        most = most < 0 ? affordable / 2 : most;
        var left = most - drawn.Count / 2;
        var pairs = inRounds ? Math.Min(left, Math.Max(2 * players, drawn.Count / 4)) : left;
        for (var i = 0; i < pairs; i++)
        {
            var at = wanted.Add();
            for (var p = 0; p < players; p++)
                if (random.NextBool(0.5))
                    wanted[at, p] = true;
            wanted.AddComplement(at);
        }
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values)
    {
        fit = null;
        for (var i = 0; i < asked.Count; i++)
        {
            drawn.Add(asked.Of(i));
            this.values.Add(values[i]);
        }
    }

    public ShapleyEstimate Estimate() => new(Fit.Slopes, Fit.StandardErrors, Fit.DegreesOfFreedom);

    private double[] Weights()
    {
        var weights = new double[drawn.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = LimeKernel.Weight(drawn.Size(i), players);
        return weights;
    }
}
