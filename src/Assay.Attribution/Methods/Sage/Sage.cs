namespace Assay.Attribution.Methods;

/// <summary>Shapley values of the loss over a population; see <see cref="Games.SageValues"/>.</summary>
internal sealed class Sage : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "sage",
            "SAGE: Shapley values of the loss",
            "Covert, Lundberg and Lee 2020, arXiv 2004.00668",
            ["completeness", "dummy", "symmetry in expectation"],
            "2 F forward passes, each over the background where there is one",
            PerRow: false,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };
}
