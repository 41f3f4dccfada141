namespace Assay.Attribution.Games;

/// <summary>
/// Coalitions drawn with their complements. Only what is odd under taking the complement has a share in Shapley values, so
/// a pair is one observation: y(S) = (v(S) − v(N∖S))/2, which for a game of order 2 is Σ ±φᵢ/2 exactly.
/// </summary>
internal sealed class PairSample(int players)
{
    private readonly List<double> odd = [];
    private readonly List<int> strata = [];
    private readonly List<int> draws = [];

    /// <summary>Number of players.</summary>
    public int Players => players;

    /// <summary>One coalition of each pair.</summary>
    public Coalitions Sets { get; } = new(players);

    /// <summary>Number of different pairs.</summary>
    public int Count => Sets.Count;

    /// <summary>Number of pairs whose values are known.</summary>
    public int Known => odd.Count;

    /// <summary>v(all) − v(nobody).</summary>
    public double Total { get; set; }

    /// <summary>Half the difference of the values of a pair.</summary>
    public double Odd(int pair) => odd[pair];

    /// <summary>The stratum from which a pair was drawn.</summary>
    public int Stratum(int pair) => strata[pair];

    /// <summary>How often a pair was drawn.</summary>
    public int Draws(int pair) => draws[pair];

    /// <summary>Adds a pair drawn for the first time.</summary>
    public void Add(ReadOnlySpan<ulong> set, int stratum)
    {
        Sets.Add(set);
        strata.Add(stratum);
        draws.Add(1);
    }

    /// <summary>Notes that a pair was drawn again.</summary>
    public void DrawnAgain(int pair) => draws[pair]++;

    /// <summary>Takes the value of the first pair whose value is not known.</summary>
    public void Observe(double value, double ofComplement) => odd.Add(0.5 * (value - ofComplement));

    /// <summary>For each player 1 where it is in the set of a pair, else −1.</summary>
    public void Signs(int pair, Span<double> signs)
    {
        for (var p = 0; p < players; p++)
            signs[p] = Sets[pair, p] ? 1 : -1;
    }
}
