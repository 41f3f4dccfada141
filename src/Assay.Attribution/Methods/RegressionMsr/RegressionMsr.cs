using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>Shapley values of a proxy fitted to the coalitions paid for, plus an unbiased estimate of those of what it leaves over.</summary>
internal sealed class RegressionMsr : GameMethod
{
    public override MethodInfo Info { get; } =
        new(
            "regression-msr",
            "Regression-adjusted sampling of Shapley values",
            "Witter, Liu and Musco 2025, arXiv 2506.11849",
            ["completeness", "linearity in the model"],
            "the budget, 32 F forward passes unless given",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    protected override int Fewest(int players) => 3 * players;

    protected override IGameEstimator Sampler(SamplerChoice choice) => Samplers.Corrected(choice);
}
