using Assay.Attribution.Games;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>The estimators by name.</summary>
internal static class Samplers
{
    public static IGameEstimator Leverage(SamplerChoice c) =>
        new PairedEstimator(
            c.Players,
            new LeverageDesign(c.Players, Stream(c, "leverage")),
            PairedLeastSquares.Fit,
            c.InRounds
        );

    public static IGameEstimator Kernel(SamplerChoice c) =>
        new PairedEstimator(
            c.Players,
            new KernelDesign(c.Players, Stream(c, "kernel")),
            PairedLeastSquares.Fit,
            c.InRounds
        );

    public static IGameEstimator Permutation(SamplerChoice c)
    {
        var random = Stream(c, "permutation");
        return new PermutationSampler(c.Players, () => random.Permutation(c.Players), c.InRounds);
    }

    /// <summary>Orders in which the members of a group enter one after the other.</summary>
    public static IGameEstimator Owen(SamplerChoice c, CoalitionStructure structure)
    {
        var random = Stream(c, "owen");
        return new PermutationSampler(c.Players, () => structure.Order(random), c.InRounds);
    }

    /// <summary>
    /// A regression on odd polynomials, which measured best from 3 evaluations a player on (bench/results/shapley.md).
    /// </summary>
    public static IGameEstimator Adjusted(SamplerChoice c) => Odd(c, c.Fits.Adjusted);

    /// <summary>The same regression, left out and corrected without bias.</summary>
    public static IGameEstimator Corrected(SamplerChoice c) => Odd(c, c.Fits.Corrected);

    /// <summary>Whichever measured best for the budget: below 3 evaluations a player two orders say more than a regression.</summary>
    public static IGameEstimator Best(SamplerChoice c) => c.Budget < 3 * c.Players ? Permutation(c) : Adjusted(c);

    private static PairedEstimator Odd(SamplerChoice c, Func<ulong, PairSample, IPairDesign, ShapleyEstimate> estimate)
    {
        var name = c.Stream % OddFits.Designs;
        return new(
            c.Players,
            new LeverageDesign(c.Players, new(c.Seed, StableHash.Combine("shapley/odd", name))),
            (sample, design) => estimate(name, sample, design),
            c.InRounds
        );
    }

    private static CounterRandom Stream(SamplerChoice c, string name) =>
        new(c.Seed, StableHash.Combine("shapley/" + name, c.Stream));
}
