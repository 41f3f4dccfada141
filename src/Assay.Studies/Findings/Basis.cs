namespace Assay.Studies;

/// <summary>On what a number rests: decides which rules of evidence it is held to.</summary>
internal enum Basis
{
    /// <summary>One fixed model, correlated features standing in for each other.</summary>
    FixedModel,

    /// <summary>One fixed model, the feature drawn given the others.</summary>
    Conditional,

    /// <summary>Models fitted again.</summary>
    Refit,

    /// <summary>The data or the comparison of two numbers, no importance.</summary>
    Observation,
}

/// <summary>The basis of each estimand.</summary>
internal static class Bases
{
    private static readonly string[] Refits = ["loco_", "retire_", "cross_", "refit_", "roar_", "null_"];
    private static readonly string[] Observations = ["parity_", "alone_", "agreement_"];

    public static Basis Of(Estimate e) =>
        Starts(e, Refits) ? Basis.Refit
        : Starts(e, Observations) || IsQuality(e) ? Basis.Observation
        : e.Method == Exchange.Conditional || e.Estimand.Contains(Estimands.Conditional, StringComparison.Ordinal)
            ? Basis.Conditional
        : Basis.FixedModel;

    private static bool IsQuality(Estimate e) =>
        Estimands.Qualities.Any(q => e.Estimand == q || e.Estimand == q + Estimands.OverFloor);

    private static bool Starts(Estimate e, string[] prefixes) =>
        prefixes.Any(p => e.Estimand.StartsWith(p, StringComparison.Ordinal));
}
