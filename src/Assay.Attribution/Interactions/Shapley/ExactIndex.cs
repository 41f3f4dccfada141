using System.Numerics;
using Assay.Attribution.Games;

namespace Assay.Attribution.Interactions;

/// <summary>Interaction indices from the values of all 2ⁿ coalitions.</summary>
internal static class ExactIndex
{
    /// <summary>The most players whose coalitions are enumerated.</summary>
    public const int MostPlayers = 20;

    /// <summary>All coalitions of n players; that of number i holds the players of i's bits.</summary>
    public static Coalitions All(int players)
    {
        var all = new Coalitions(players);
        for (var i = 0UL; i < 1UL << players; i++)
            all.Add([i]);
        return all;
    }

    /// <summary>The index of each set.</summary>
    /// <param name="values">v of all coalitions, in the order of <see cref="All"/>; overwritten by the Möbius coefficients.</param>
    /// <param name="players">Number of players.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="index">Name of the index.</param>
    /// <param name="order">Its order.</param>
    /// <param name="into">Takes a value for each set.</param>
    public static void Compute(
        Span<double> values,
        int players,
        IReadOnlyList<IReadOnlyList<int>> sets,
        string index,
        int order,
        Span<double> into
    )
    {
        Moebius(values, players);
        var c = new double[order + 1][];
        for (var s = 1; s <= order; s++)
        {
            c[s] = new double[players + 1];
            for (var u = s; u <= players; u++)
                c[s][u] = InteractionIndex.Coefficient(index, order, s, u).ToDouble();
        }
        for (var i = 0; i < sets.Count; i++)
            into[i] = Over(values, players, Bits(sets[i]), c[sets[i].Count]);
    }

    private static void Moebius(Span<double> values, int players)
    {
        for (var p = 0; p < players; p++)
        for (var i = 0; i < values.Length; i++)
            if ((i >> p & 1) != 0)
                values[i] -= values[i ^ (1 << p)];
    }

    // All supersets of S, by counting through the bits outside of it.
    private static double Over(ReadOnlySpan<double> moebius, int players, int set, double[] c)
    {
        var outside = ((1 << players) - 1) & ~set;
        var sum = 0.0;
        for (var rest = outside; ; rest = (rest - 1) & outside)
        {
            sum += c[BitOperations.PopCount((uint)(set | rest))] * moebius[set | rest];
            if (rest == 0)
                return sum;
        }
    }

    private static int Bits(IReadOnlyList<int> set) => set.Sum(p => 1 << p);
}
