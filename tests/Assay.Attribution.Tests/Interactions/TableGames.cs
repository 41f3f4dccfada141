using System.Numerics;
using Assay.Attribution.Games;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>One game given by a function of the coalition's bits; counts what it is asked.</summary>
internal sealed class TableGames(int players, Func<ulong, double> value) : IGames
{
    public int Count => 1;

    public int Players => players;

    public int EvaluationsPerCoalition => 1;

    public int Evaluations { get; private set; }

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        Evaluations += game.Length;
        for (var i = 0; i < game.Length; i++)
            values[i] = value(coalitions.Of(i)[0]);
    }

    /// <summary>A game of independent values.</summary>
    public static TableGames Random(int players, Statistics.CounterRandom random)
    {
        var table = Enumerable.Range(0, 1 << players).Select(_ => random.NextNormal()).ToArray();
        return new(players, s => table[s]);
    }

    /// <summary>The alternating sum of v over what S adds to T.</summary>
    public double Difference(ulong set, ulong to)
    {
        var sum = 0.0;
        for (var w = set; ; w = (w - 1) & set)
        {
            sum += (BitOperations.PopCount(set ^ w) % 2 == 0 ? 1 : -1) * value(to | w);
            if (w == 0)
                return sum;
        }
    }

    public double Value(ulong set) => value(set);
}
