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

    public static IGameEstimator Permutation(SamplerChoice c) =>
        new PermutationSampler(c.Players, Stream(c, "permutation"), c.InRounds);

    private static CounterRandom Stream(SamplerChoice c, string name) =>
        new(c.Seed, StableHash.Combine("shapley/" + name, c.Stream));
}
