using System.Numerics;

namespace Assay.Worlds.Truth;

/// <summary>
/// Exact Shapley values of a sum of small functions. The Shapley value is linear in the game, and a player that a summand
/// does not read gets nothing from it, so each summand is enumerated over its own features (Shapley 1953).
/// </summary>
internal static class TermShapley
{
    /// <summary>
    /// Adds one summand's values to <paramref name="phi"/>. <paramref name="game"/> gives the summand for a set of its own
    /// features: bit s set means that <paramref name="features"/>[s] is present.
    /// </summary>
    public static void Add(ReadOnlySpan<int> features, Func<int, double> game, Span<double> phi)
    {
        var players = features.Length;
        Span<double> values = stackalloc double[1 << players];
        for (var set = 0; set < values.Length; set++)
            values[set] = game(set);
        for (var s = 0; s < players; s++)
        for (var set = 0; set < values.Length; set++)
            if ((set & (1 << s)) == 0)
                phi[features[s]] +=
                    Weight(players, BitOperations.PopCount((uint)set)) * (values[set | (1 << s)] - values[set]);
    }

    /// <summary>|S|! (n−|S|−1)! / n!</summary>
    private static double Weight(int players, int size)
    {
        var weight = 1.0 / players;
        for (var k = 1; k <= size; k++)
            weight *= (double)k / (players - k);
        return weight;
    }
}
