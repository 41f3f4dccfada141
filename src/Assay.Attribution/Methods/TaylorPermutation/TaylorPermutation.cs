namespace Assay.Attribution.Methods;

/// <summary>Permutation importance to first order in what the features contribute; a population method, run by a study.</summary>
internal sealed class TaylorPermutation : AttributionMethod
{
    public const string Id = "taylor-permutation";

    public override MethodInfo Info { get; } =
        new(
            Id,
            "First-order Taylor permutation",
            "Zhang et al. 2023 (SHARK), arXiv 2308.09395",
            ["dummy", "linearity in the model's logit"],
            "1 forward and 1 backward pass per repeat",
            PerRow: false,
            NeedsGradient: true,
            Complete: false
        );
}
