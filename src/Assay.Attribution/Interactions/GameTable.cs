using Assay.Attribution.Games;

namespace Assay.Attribution.Interactions;

/// <summary>The same coalitions in every game.</summary>
internal static class GameTable
{
    private const int Part = 1 << 15;

    /// <summary>For each coalition its value in every game.</summary>
    public static double[][] Evaluate(IGames games, Coalitions coalitions)
    {
        var result = new double[coalitions.Count][];
        for (var c = 0; c < result.Length; c++)
            result[c] = new double[games.Count];
        var step = Math.Max(1, Part / coalitions.Count);
        for (var from = 0; from < games.Count; from += step)
        {
            var count = Math.Min(step, games.Count - from);
            var part = new Coalitions(games.Players);
            var game = new int[count * coalitions.Count];
            for (var i = 0; i < game.Length; i++)
            {
                game[i] = from + i / coalitions.Count;
                part.Add(coalitions.Of(i % coalitions.Count));
            }
            var values = new double[game.Length];
            games.Evaluate(game, part, values);
            for (var i = 0; i < values.Length; i++)
                result[i % coalitions.Count][game[i]] = values[i];
        }
        return result;
    }
}
