namespace Assay.Studies;

/// <summary>What became of a number from one run to the other.</summary>
public enum ChangeVerdict
{
    /// <summary>No difference beyond chance.</summary>
    NoDifference,

    /// <summary>Larger in the second run.</summary>
    Grew,

    /// <summary>Smaller in the second run.</summary>
    Fell,

    /// <summary>Told from 0 in the second run only, and larger there.</summary>
    Appeared,

    /// <summary>Told from 0 in the first run only, and smaller in the second.</summary>
    Vanished,

    /// <summary>Measured in the first run only.</summary>
    OnlyInFirst,

    /// <summary>Measured in the second run only.</summary>
    OnlyInSecond,

    /// <summary>No error can be given: too few clusters or replicates.</summary>
    Undecided,
}

/// <summary>One number in two runs.</summary>
public sealed record Difference
{
    /// <summary>The estimate in the first run; null where it has none.</summary>
    public required Estimate? First { get; init; }

    /// <summary>The estimate in the second run; null where it has none.</summary>
    public required Estimate? Second { get; init; }

    /// <summary>Second − first.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Standard error of the difference, with the spread between retrainings where these are given.</summary>
    public double StandardError { get; init; } = double.NaN;

    /// <summary>The part of the standard error that is the spread between retrainings; NaN where none are given.</summary>
    public double RetrainingError { get; init; } = double.NaN;

    /// <summary>Degrees of freedom of the standard error (Welch–Satterthwaite with retrainings).</summary>
    public double DegreesOfFreedom { get; init; } = double.NaN;

    /// <summary>Lower end of the 95 % interval, Student's t.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Upper end of the 95 % interval, Student's t.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>Two-sided, against 0.</summary>
    public double PValue { get; init; } = double.NaN;

    /// <summary>Benjamini–Hochberg within estimand × method × split × dimension.</summary>
    public double PAdjusted { get; init; } = double.NaN;

    /// <summary>What became of the feature's rank; null where not both runs rank it.</summary>
    public RankChange? Rank { get; init; }

    /// <summary>paired (shared bootstrap weights), independent, or empty where there is no difference.</summary>
    public string Errors { get; init; } = "";

    /// <summary>What became of it.</summary>
    public ChangeVerdict Verdict { get; init; } = ChangeVerdict.Undecided;

    /// <summary>Either estimate, for what both share.</summary>
    public Estimate Any => First ?? Second!;

    /// <summary>A sum of two variances with its degrees of freedom (Satterthwaite 1946).</summary>
    internal static (double Variance, double Freedom) With(double x, double freedomX, double y, double freedomY) =>
        (x + y, x + y == 0 ? freedomX : (x + y) * (x + y) / (x * x / freedomX + y * y / freedomY));
}

/// <summary>Two runs compared.</summary>
/// <param name="Differences">Every number both or either run has, in the order of the first run's estimates.</param>
/// <param name="Notes">What the errors are made of and what could not be compared, in sentences.</param>
public sealed record RunComparison(IReadOnlyList<Difference> Differences, IReadOnlyList<string> Notes);
