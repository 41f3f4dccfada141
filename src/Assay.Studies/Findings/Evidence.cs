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

    /// <summary>What is said where it is not for the importance's own rules to decide.</summary>
    public FindingKind? Said { get; init; }

    /// <summary>Whether an estimate says the same, where that is not for the importance's own rules to decide.</summary>
    public Func<Estimate, bool>? Holds { get; init; }

    /// <summary>What steps of the chain hold against the feature.</summary>
    public IReadOnlyList<Remark> Remarks { get; init; } = [];

    /// <summary>A number of its own that lifts what one fixed model can say: the same claim, given the other features.</summary>
    public Evidence? Backing { get; init; }

    public Basis Basis => Bases.Of(Estimate);

    public bool IsConditional => Basis == Basis.Conditional;

    /// <summary>Whether only one fixed model speaks for it, correlated features standing in for each other.</summary>
    public bool IsFixedModel => Basis == Basis.FixedModel && !(Backing is { } b && Grading.Of(b).Grade <= Grade.B);

    /// <summary>Whether it was measured on untouched rows to begin with, as refits are.</summary>
    public bool IsUntouched => Basis == Basis.Refit && Estimate.Split != Splits.Explain;

    public bool HasInterval => !double.IsNaN(Estimate.Low) && !double.IsNaN(Estimate.High);

    public FindingKind Kind => Said ?? KindOf(Estimate);

    /// <summary>Whether it is beyond chance and beyond what is negligible.</summary>
    public bool IsShown =>
        HasInterval && Estimate.ExcludesZero && !Negligible(Estimate) && Estimate.PAdjusted < Grading.Level;

    /// <summary>Whether the whole interval is negligible.</summary>
    public bool IsNegligible => HasInterval && Negligible(Estimate);

    /// <summary>
    /// Whether the holdout says the same: the same sign without 0; of what is negligible, that it is so there too (of a loss
    /// that may not be exceeded, only that).
    /// </summary>
    public bool SeenAgain =>
        Kind switch
        {
            // Refits are measured on rows that none of them was fitted to or chosen by.
            not FindingKind.NotSettled when IsUntouched => true,
            not FindingKind.NotSettled when Holds is not null => Again is not null && Holds(Again),
            FindingKind.FeatureDoesNotMatter or FindingKind.CrossDoesNotGain or FindingKind.Passing => Again is not null
                && Negligible(Again),
            FindingKind.Retirable => Again is { } a && a.High <= Margin,
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
        if (IsNegligible)
            return FindingKind.FeatureDoesNotMatter;
        if (HasInterval && e.Estimand == Estimands.MeanAbsAttribution)
            return FindingKind.FeatureMatters;
        if (!IsShown)
            return FindingKind.NotSettled;
        return e.Value > 0 ? FindingKind.FeatureMatters : FindingKind.FeatureHurts;
    }

    private bool Negligible(Estimate e) => e.Low >= -Margin && e.High <= Margin;
}
