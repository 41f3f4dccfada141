using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>A set of players and how strongly they interact over a population.</summary>
/// <param name="Players">Ascending numbers of players.</param>
/// <param name="Value">How strongly; <see cref="InteractionRanking.Estimand"/> says in what measure.</param>
/// <param name="StandardError">By bootstrap over clusters; NaN with fewer than two.</param>
/// <param name="Interval">Of the value, by the same bootstrap.</param>
public sealed record RankedInteraction(
    IReadOnlyList<int> Players,
    double Value,
    double StandardError,
    Interval Interval
)
{
    /// <summary>The mean with its sign, where interactions of rows have one; else NaN.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <summary>The value's share of the score's variation, where the method has one; else NaN.</summary>
    public double Share { get; init; } = double.NaN;

    /// <summary>Of the test that <see cref="InteractionRanking.Test"/> names; NaN where there is none.</summary>
    public double PValue { get; init; } = double.NaN;

    /// <summary>The same, adjusted for all sets of the family.</summary>
    public double PAdjusted { get; init; } = double.NaN;

    /// <summary>Whether the test rejects: the interaction is discovered.</summary>
    public bool Discovered { get; init; }
}

/// <summary>Interactions over a population, ranked.</summary>
/// <param name="Estimand">What the values are.</param>
/// <param name="Rows">Rows used.</param>
/// <param name="Clusters">Clusters they fall into.</param>
/// <param name="Interactions">All sets, the strongest first; equal ones in the order of their players.</param>
public sealed record InteractionRanking(
    string Estimand,
    int Rows,
    int Clusters,
    IReadOnlyList<RankedInteraction> Interactions
)
{
    /// <summary>Null hypothesis, test, adjustment and family in words; null where nothing is tested.</summary>
    public string? Test { get; init; }

    /// <summary>Model evaluations spent.</summary>
    public long Evaluations { get; init; }

    /// <summary>Sets worth a crossed feature: those discovered, the strongest first.</summary>
    public IEnumerable<RankedInteraction> Crosses => Interactions.Where(i => i.Discovered);

    /// <summary>Sorted by the share of the score's variation where there is one, which is what a user gains, else by value.</summary>
    internal static IReadOnlyList<RankedInteraction> Ordered(IEnumerable<RankedInteraction> interactions) =>
        [.. interactions.OrderByDescending(i => Strength(double.IsNaN(i.Share) ? i.Value : i.Share))];

    private static double Strength(double value) => double.IsNaN(value) ? double.NegativeInfinity : value;
}
