namespace Assay.Attribution.Methods;

/// <summary>The loss of quality when a feature's values are exchanged among rows; a population method, run by a study.</summary>
internal sealed class Permutation : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "permutation",
            "Permutation importance (marginal)",
            "Breiman 2001; Fisher, Rudin and Dominici 2019, arXiv 1801.01489",
            ["dummy"],
            "F forward passes per repeat",
            PerRow: false,
            NeedsGradient: false,
            Complete: false
        );
}
