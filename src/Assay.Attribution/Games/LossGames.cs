namespace Assay.Attribution.Games;

/// <summary>Games whose values are what rows do not lose: −loss(row, v(S)).</summary>
internal sealed class LossGames(IGames games, Func<int, double, double> loss) : IGames
{
    public int Count => games.Count;

    public int Players => games.Players;

    public int EvaluationsPerCoalition => games.EvaluationsPerCoalition;

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        games.Evaluate(game, coalitions, values);
        for (var i = 0; i < values.Length; i++)
            values[i] = -loss(game[i], values[i]);
    }
}
