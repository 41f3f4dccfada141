namespace Assay.Studies;

/// <summary>One estimate with everything that decides what it says and how far it may be trusted.</summary>
internal sealed record Evidence
{
    public required Estimate Estimate { get; init; }

    /// <summary>The same on the holdout.</summary>
    public Estimate? Again { get; init; }

    public bool HasHoldout { get; init; }
    public bool LearntNothing { get; init; }
    public int MinimumClusters { get; init; } = 2;

    /// <summary>Largest negligible size, in the estimate's unit.</summary>
    public double Margin { get; init; }

    /// <summary>How well rows drawn given the others are told from real ones; NaN: not checked.</summary>
    public double CheckAuc { get; init; } = double.NaN;

    public bool IsConditional => Estimate.Estimand.StartsWith(Estimands.Conditional, StringComparison.Ordinal);

    public bool HasInterval => !double.IsNaN(Estimate.Low) && !double.IsNaN(Estimate.High);

    public FindingKind Kind => KindOf(Estimate);

    /// <summary>Whether the holdout says the same: the same sign without 0, or within the margin too.</summary>
    public bool SeenAgain =>
        Kind switch
        {
            FindingKind.FeatureDoesNotMatter => Again is not null && Negligible(Again),
            FindingKind.NotSettled => false,
            _ => Estimate.Replicated == "yes",
        };

    /// <summary>How many independent units would settle it, were the effect as measured 0.</summary>
    public string ClustersNeeded
    {
        get
        {
            var half = (Estimate.High - Estimate.Low) / 2;
            if (Margin <= 0 || half <= Margin)
                return "more independent units";
            // An interval shrinks with the square root of the number of clusters.
            var needed = Estimate.Clusters * (half / Margin) * (half / Margin);
            var step = Math.Pow(10, Math.Floor(Math.Log10(needed)) - 1);
            return $"about {Text.Count((long)(Math.Ceiling(needed / step) * step))} independent units, or fewer if there is an effect";
        }
    }

    private FindingKind KindOf(Estimate e)
    {
        if (!HasInterval)
            return FindingKind.NotSettled;
        if (Negligible(e))
            return FindingKind.FeatureDoesNotMatter;
        if (e.Estimand == Estimands.MeanAbsAttribution)
            return FindingKind.FeatureMatters;
        if (!(e.PAdjusted < Grading.Level) || !e.ExcludesZero)
            return FindingKind.NotSettled;
        return e.Value > 0 ? FindingKind.FeatureMatters : FindingKind.FeatureHurts;
    }

    private bool Negligible(Estimate e) => e.Low >= -Margin && e.High <= Margin;
}
