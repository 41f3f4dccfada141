using Assay.Onnx;

namespace Assay.Attribution.Effects;

/// <summary>How the effect of a feature's value is drawn.</summary>
public enum EffectKind
{
    /// <summary>Partial dependence: the mean score with the value set in every row (Friedman 2001).</summary>
    Pdp,

    /// <summary>The same row by row: individual conditional expectations (Goldstein et al. 2015, arXiv 1309.6392).</summary>
    Ice,

    /// <summary>Accumulated local effects: rows move only to values next to their own (Apley and Zhu 2020, arXiv 1612.08468).</summary>
    Ale,
}

/// <summary>Options of effects.</summary>
public sealed record EffectSettings
{
    /// <summary>What is drawn.</summary>
    public required EffectKind Kind { get; init; }

    /// <summary>Steps between the values of a number at which it is evaluated, at quantiles; 1 to 1000.</summary>
    public int Bins { get; init; } = 20;

    /// <summary>Levels of a category or group that are told apart, the most frequent first; others are the rest. 1 to 1000.</summary>
    public int Levels { get; init; } = 12;

    /// <summary>Levels of a smaller share of the rows belong to the rest; the most frequent is always told apart.</summary>
    public double LeastShare { get; init; }

    /// <summary>The most rows of each segment; null for 1000 where each row is set to every value, for 100,000 under ALE.</summary>
    public int? SampleRows { get; init; }

    /// <summary>Curves of single rows under ICE.</summary>
    public int Curves { get; init; } = 50;

    /// <summary>Bootstrap replicates of the intervals.</summary>
    public int Replicates { get; init; } = 1000;

    /// <summary>Coverage of the intervals.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The seed of samples and replicates.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws a usage error where an option is out of range.</summary>
    public void Validate()
    {
        Range(Bins, 1, 1000, "number of bins");
        Range(Levels, 1, 1000, "number of levels");
        Range(SampleRows ?? 2, 2, int.MaxValue, "sample");
        Range(Curves, 1, 100_000, "number of curves");
        Range(Replicates, 100, 100_000, "number of replicates");
        if (!(LeastShare is >= 0 and < 1))
            throw AssayException.Usage(
                FormattableString.Invariant($"The least share of a level must lie between 0 and 1, not {LeastShare}.")
            );
        if (!(Confidence is > 0 and < 1))
            throw AssayException.Usage(
                FormattableString.Invariant($"The confidence must lie between 0 and 1, not {Confidence}.")
            );
    }

    private static void Range(int value, int lowest, int highest, string what)
    {
        if (value < lowest || value > highest)
            throw AssayException.Usage($"The {what} must lie between {lowest} and {highest}, not {value}.");
    }
}
