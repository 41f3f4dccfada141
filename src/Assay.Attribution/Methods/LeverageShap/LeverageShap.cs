using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>Shapley values by a regression on pairs of coalitions drawn by leverage scores, without replacement.</summary>
internal sealed class LeverageShap : GameMethod
{
    public override MethodInfo Info { get; } =
        new(
            "leverage-shap",
            "Leverage SHAP",
            "Musco and Witter 2024, arXiv 2410.01917",
            ["completeness", "linearity in the model"],
            "the budget, 32 F forward passes unless given",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    protected override IGameEstimator Sampler(SamplerChoice choice) => Samplers.Leverage(choice);
}
