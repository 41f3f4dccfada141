using System.Globalization;
using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies;

/// <summary>What is said of a feature that stays.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Lost">The loss when it is removed besides what is proposed.</param>
/// <param name="Margin">The loss that would not matter.</param>
internal sealed record RetiringVerdict(string Feature, OverSeeds Lost, double Margin)
{
    public const string Needed = "needed",
        Spared = "can be spared",
        Undecided = "undecided";

    // More fits than anybody would pay for.
    private const int MostSeeds = 100;

    public string Word =>
        Lost.Interval.High < Margin ? Spared
        : Lost.Interval.Low > Margin ? Needed
        : Undecided;

    /// <summary>The seeds that would decide if the estimate stayed where it is; null: with these rows none would.</summary>
    public int? SeedsThatDecide
    {
        get
        {
            var seeds = Lost.PerSeed.Count;
            for (var n = seeds + 1; n <= MostSeeds; n++)
                if (HalfWidth(Lost.SamplingError, n) < Distance)
                    return n;
            return null;
        }
    }

    /// <summary>How many times the clusters would decide, with <see cref="MostSeeds"/> at most, if the estimate stayed; infinite at the margin itself.</summary>
    public double ClustersThatDecide => Math.Pow(Intervals.Normal(0, Lost.SamplingError).High / Distance, 2);

    /// <summary>That in words; null where it is decided.</summary>
    public string? WhatDecides =>
        Word != Undecided ? null
        : SeedsThatDecide is { } seeds ? $"{seeds} seeds"
        : ClustersThatDecide > 1000 ? "nothing: it is at the margin"
        : string.Create(CultureInfo.InvariantCulture, $"{ClustersThatDecide:0.#} times the clusters, many seeds");

    private double Distance => Math.Abs(Lost.Value - Margin);

    public static object Facts(OverSeeds lost) =>
        new
        {
            value = lost.Value,
            low = lost.Interval.Low,
            high = lost.Interval.High,
            error_of_clusters = lost.SamplingError,
            error_of_seeds = lost.SeedError,
            degrees_of_freedom = lost.Freedom,
            per_seed = lost.PerSeed,
        };

    private double HalfWidth(double sampling, int seeds)
    {
        var spread = Lost.SeedError * Math.Sqrt((double)Lost.PerSeed.Count / seeds);
        var error = Math.Sqrt(sampling * sampling + spread * spread);
        // Clusters are many beside seeds.
        var freedom = SeedInterval.Satterthwaite(sampling, double.PositiveInfinity, spread, seeds - 1);
        return spread == 0 ? Intervals.Normal(0, error).High : Intervals.StudentT(0, error, freedom).High;
    }
}
