using Assay.Attribution.Games;
using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>
/// The coalitions at which sampled games are evaluated, the same for all rows: those of the smallest and largest sizes all,
/// of the sizes between pairs of a coalition and its complement, drawn with replacement.
/// </summary>
internal sealed class CoalitionDraws
{
    private readonly double[] chance;

    /// <summary>Draws for games of n players within a number of coalitions.</summary>
    /// <param name="players">Number of players, at least 4.</param>
    /// <param name="budget">The most coalitions.</param>
    /// <param name="spread">By size, how much a coalition's share in the sums varies: sizes are drawn in proportion.</param>
    /// <param name="seed">The seed.</param>
    public CoalitionDraws(int players, int budget, double[] spread, ulong seed)
    {
        All = new Coalitions(players);
        chance = new double[players + 1];
        Border = 0;
        AddSize(0);
        AddSize(players);
        // Sizes are taken whole from the outside in, as long as half of the budget is left for the rest.
        while (2 * (Border + 1) < players - 1 && Whole(players, Border + 1) <= budget / 2 - All.Count)
        {
            Border++;
            AddSize(Border);
            AddSize(players - Border);
        }
        Enumerated = All.Count;
        Pairs = Math.Max(0, (budget - Enumerated) / 2);
        SetChances(players, spread);
        var random = new CounterRandom(seed, "coalitions", (ulong)players);
        var order = new int[players];
        for (var i = 0; i < Pairs; i++)
        {
            var at = Draw(random, order);
            All.AddComplement(at);
        }
    }

    /// <summary>First the enumerated ones, then pairs of a coalition and its complement.</summary>
    public Coalitions All { get; }

    /// <summary>How many are not drawn.</summary>
    public int Enumerated { get; }

    /// <summary>Sizes up to this, and from n less this, are enumerated.</summary>
    public int Border { get; }

    /// <summary>Number of pairs drawn.</summary>
    public int Pairs { get; }

    /// <summary>The chance of one coalition of a size at each draw; 0 where the size is enumerated.</summary>
    public double Chance(int size) => chance[size];

    private void AddSize(int size)
    {
        foreach (var set in PlayerSets.OfSize(size, All.Players))
        {
            var at = All.Add();
            foreach (var p in set)
                All[at, p] = true;
        }
    }

    private static double Whole(int players, int size) => 2 * (double)Fraction.Binomial(players, size);

    private void SetChances(int players, double[] spread)
    {
        var total = 0.0;
        for (var t = Border + 1; t < players - Border; t++)
            // A pair has both sizes.
            total += chance[t] = (spread[t] + spread[players - t]) / 2;
        for (var t = 0; t <= players; t++)
            chance[t] /= total * (double)Fraction.Binomial(players, t);
    }

    private int Draw(CounterRandom random, int[] order)
    {
        var players = order.Length;
        var size = Border + 1;
        for (var u = random.NextDouble(); size < players - Border - 1; size++)
            if ((u -= chance[size] * (double)Fraction.Binomial(players, size)) < 0)
                break;
        for (var p = 0; p < players; p++)
            order[p] = p;
        var at = All.Add();
        for (var i = 0; i < size; i++)
        {
            var j = i + random.NextInt(players - i);
            (order[i], order[j]) = (order[j], order[i]);
            All[at, order[i]] = true;
        }
        return at;
    }
}
