using Assay.Onnx;

namespace Assay.Attribution.Judging;

/// <summary>Which methods are judged, against what, and how much is spent on it.</summary>
public sealed record JudgeSettings
{
    /// <summary>Head, space, baseline and the rest for every method; its <see cref="ExplainSettings.Method"/> is not used.</summary>
    public required ExplainSettings Explain { get; init; }

    /// <summary>Ids of the methods; null for every registered method of rows that the model allows.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>How many features count as important to pgi, pgu and agreement; null for a quarter of them, at least 1.</summary>
    public int? Top { get; init; }

    /// <summary>Random sets of features that infidelity removes from each row.</summary>
    public int Removals { get; init; } = 64;

    /// <summary>Other rows whose values pgi and pgu put in, for each row.</summary>
    public int Donors { get; init; } = 8;

    /// <summary>Rows near each row that max-sensitivity tries.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>How far near is: each number moves by at most this share of its standard deviation over the rows.</summary>
    public double Radius { get; init; } = 0.1;

    /// <summary>Rows on which the weight randomisation is tried; the first of those judged.</summary>
    public int SanityRows { get; init; } = 32;

    /// <summary>How often the whole network is made random, each time with other weights.</summary>
    public int SanityDraws { get; init; } = 3;

    /// <summary>Throws a usage error where a number is out of range.</summary>
    public void Validate()
    {
        Explain.Validate();
        Require(Removals is >= 2 and <= 100_000, "number of removals", Removals);
        Require(Donors is >= 1 and <= 10_000, "number of donors", Donors);
        Require(Neighbours is >= 0 and <= 10_000, "number of neighbours", Neighbours);
        Require(SanityRows is >= 1, "number of rows of the sanity check", SanityRows);
        Require(SanityDraws is >= 0 and <= 1000, "number of draws of the sanity check", SanityDraws);
        if (!(Radius > 0 && Radius <= 10))
            throw AssayException.Usage(
                FormattableString.Invariant($"The radius must lie above 0 and at most at 10, not {Radius}.")
            );
    }

    private static void Require(bool holds, string what, int given)
    {
        if (!holds)
            throw AssayException.Usage($"The {what} is out of range: {given}.");
    }
}
