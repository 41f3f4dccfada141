namespace Assay.Attribution.Methods;

/// <summary>The loss of quality when a feature is drawn anew given the others; a population method, run by a study.</summary>
internal sealed class ConditionalPermutation : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "conditional-permutation",
            "Conditional permutation importance",
            "Strobl et al. 2008; Hooker, Mentch and Zhou 2021, arXiv 1905.03151",
            ["dummy"],
            "F forward passes per repeat, and the fits of F conditional models",
            PerRow: false,
            NeedsGradient: false,
            Complete: false
        );
}
