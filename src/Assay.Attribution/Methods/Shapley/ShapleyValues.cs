using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>Shapley values: exact for few players, else by the estimator that measured best for the budget.</summary>
internal sealed class ShapleyValues : GameMethod
{
    private const int Enumerated = 12;

    public override MethodInfo Info { get; } =
        new(
            "shapley",
            "Shapley values",
            "Shapley 1953; Lundberg and Lee 2017, arXiv 1705.07874",
            ["completeness", "linearity in the model"],
            "2^F forward passes up to 12 features, else the budget (32 F unless given)",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    protected override int DefaultBudget(int players) =>
        players <= Enumerated ? 1 << players : base.DefaultBudget(players);

    protected override IGameEstimator Sampler(SamplerChoice choice) => Samplers.Best(choice);
}
