namespace Assay.Studies;

/// <summary>The experiment that would test an action, and the check before it that needs no traffic.</summary>
/// <param name="Design">Who gets what.</param>
/// <param name="UnitOfRandomisation">The column whose values are dealt to the arms.</param>
/// <param name="Population">For whom it is run.</param>
/// <param name="Hypothesis">superiority, or non_inferiority where nothing may be lost.</param>
/// <param name="Metric">What is compared.</param>
/// <param name="Guardrails">What must not get worse meanwhile.</param>
/// <param name="SampleSize">How large; null where the rows say too little.</param>
/// <param name="Offline">What to check on logged rows before; null: nothing can be.</param>
public sealed record ActionExperiment(
    string Design,
    string UnitOfRandomisation,
    string Population,
    string Hypothesis,
    string Metric,
    IReadOnlyList<string> Guardrails,
    SampleSize? SampleSize,
    OfflineCheck? Offline
);

/// <summary>How many units an experiment of two equal arms needs, and what that is made of.</summary>
public sealed record SampleSize
{
    /// <summary>Units of randomisation in each arm.</summary>
    public required long UnitsPerArm { get; init; }

    /// <summary>Rows that this is, at as many a unit as logged.</summary>
    public required long RowsPerArm { get; init; }

    /// <summary>The smallest change of the rate that it sees, absolute.</summary>
    public required double SmallestEffect { get; init; }

    /// <summary>The same as a share of the rate.</summary>
    public required double SmallestLift { get; init; }

    /// <summary>The rate in the logged rows.</summary>
    public required double Rate { get; init; }

    /// <summary>Standard deviation between units of the linearised rate.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>By how much clusters inflate the variance of the rate, against independent rows.</summary>
    public required double DesignEffect { get; init; }

    /// <summary>Two-sided level.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Probability to see an effect of that size.</summary>
    public double Power { get; init; } = 0.8;

    /// <summary>How it is computed.</summary>
    public string Formula { get; init; } = SampleSizes.Formula;

    /// <summary>Where that is from.</summary>
    public string Source { get; init; } = SampleSizes.Source;
}

/// <summary>A comparison on logged rows that comes before an experiment.</summary>
/// <param name="Says">What to compare.</param>
/// <param name="Effect">The difference of AUC it must be able to see.</param>
/// <param name="UnitsNeeded">Independent units for that at 80 % power; null where no error of AUC says it.</param>
/// <param name="UnitsHad">Those of the explained rows.</param>
public sealed record OfflineCheck(string Says, double Effect, long? UnitsNeeded, int UnitsHad);
