using Assay.Attribution.Games;

namespace Assay.ShapleyBench;

/// <summary>Games of few players whose coalitions have all been evaluated.</summary>
internal sealed class TableGames(int players, double[][] values) : IGames
{
    public int Count => values.Length;

    public int Players => players;

    public int EvaluationsPerCoalition => 1;

    /// <summary>Evaluates every coalition of other games.</summary>
    public static TableGames Of(IGames games)
    {
        var all = new Coalitions(games.Players);
        for (var c = 0UL; c < 1UL << games.Players; c++)
            all.Add([c]);
        var values = new double[games.Count][];
        var game = new int[all.Count];
        for (var g = 0; g < games.Count; g++)
        {
            Array.Fill(game, g);
            games.Evaluate(game, all, values[g] = new double[all.Count]);
        }
        return new(games.Players, values);
    }

    public double[] Exact(int game) => Enumeration.Of(values[game], players);

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> results)
    {
        for (var i = 0; i < game.Length; i++)
            results[i] = values[game[i]][coalitions.Of(i)[0]];
    }
}
