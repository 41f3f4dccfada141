using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>Shapley values by random orders and their reverses.</summary>
internal sealed class PermutationShapley : GameMethod
{
    public override MethodInfo Info { get; } =
        new(
            "permutation-shapley",
            "Permutation sampling of Shapley values, antithetic",
            "Castro, Gómez and Tejada 2009; Mitchell et al. 2022, arXiv 2104.12199",
            ["completeness", "dummy", "linearity in the model"],
            "the budget, 32 F forward passes unless given",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    protected override IGameEstimator Sampler(SamplerChoice choice) => Samplers.Permutation(choice);
}
