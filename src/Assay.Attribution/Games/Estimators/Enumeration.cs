using System.Numerics;

namespace Assay.Attribution.Games;

/// <summary>φᵢ = Σ over S without i of |S|!(n − |S| − 1)!/n! · (v(S ∪ i) − v(S)), over all coalitions (Shapley 1953).</summary>
internal sealed class Enumeration : IGameEstimator
{
    /// <summary>The most players that are enumerated, however large the budget.</summary>
    public const int MostPlayers = 20;

    private readonly int players;
    private readonly double[] values;
    private bool asked;

    /// <param name="players">At most <see cref="MostPlayers"/>.</param>
    public Enumeration(int players)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(players, MostPlayers);
        (this.players, values) = (players, new double[1 << players]);
    }

    /// <summary>Whether all coalitions of that many players can be evaluated.</summary>
    public static bool Fits(int players, int budget) => players <= MostPlayers && 1 << players <= budget;

    public void Begin(double nobody, double all) => (values[0], values[^1]) = (nobody, all);

    public void Ask(Coalitions wanted, int affordable)
    {
        if (asked)
            return;
        asked = true;
        for (var c = 1; c < values.Length - 1; c++)
            wanted.Add([(ulong)c]);
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values) => values.CopyTo(this.values.AsSpan(1));

    public ShapleyEstimate Estimate() => ShapleyEstimate.Exact(Of(values, players));

    /// <summary>Shapley values of a game given by the values of all coalitions, numbered by their bits.</summary>
    public static double[] Of(ReadOnlySpan<double> values, int players)
    {
        var share = new double[players];
        share[0] = 1.0 / players;
        for (var s = 1; s < players; s++)
            share[s] = share[s - 1] * s / (players - s);
        var result = new double[players];
        for (var p = 0; p < players; p++)
        {
            var bit = 1 << p;
            var sum = 0.0;
            for (var c = 0; c < values.Length; c++)
                if ((c & bit) == 0)
                    sum += share[BitOperations.PopCount((uint)c)] * (values[c | bit] - values[c]);
            result[p] = sum;
        }
        return result;
    }
}
