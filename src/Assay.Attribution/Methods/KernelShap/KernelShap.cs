using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>Shapley values by a regression on pairs of coalitions drawn by the Shapley kernel.</summary>
internal sealed class KernelShap : GameMethod
{
    public override MethodInfo Info { get; } =
        new(
            "kernel-shap",
            "Kernel SHAP, paired",
            "Lundberg and Lee 2017, arXiv 1705.07874; Covert and Lee 2021, arXiv 2012.01536",
            ["completeness", "linearity in the model"],
            "the budget, 32 F forward passes unless given",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    protected override IGameEstimator Sampler(SamplerChoice choice) => Samplers.Kernel(choice);
}
