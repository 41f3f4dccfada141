using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>What all methods share that estimate games within a budget.</summary>
internal static class GamePlay
{
    /// <summary>Coalitions of a row, for each player, where no budget is given.</summary>
    public const int DefaultPerPlayer = 32;

    // With a precision to stop at, the budget is a bound and not a choice.
    private const int MostPerPlayer = 512;

    /// <summary>The budget of a row in coalitions; a usage error where it is too small.</summary>
    public static int Budget(string method, IGames games, ExplainSettings settings, int usual, int fewest)
    {
        var (players, each) = (games.Players, games.EvaluationsPerCoalition);
        if (settings.Budget is not { } evaluations)
            return settings.Precision is null ? usual : Math.Max(usual, MostPerPlayer * players);
        // All coalitions are always enough.
        if (players < 31)
            fewest = Math.Min(fewest, 1 << players);
        if (evaluations / each < fewest)
            throw AssayException.Usage(
                $"A budget of {evaluations} evaluations a row is too small: '{method}' needs at least {(long)fewest * each} for {players} features{(each > 1 ? $" compared with {each} rows" : "")}."
            );
        return evaluations / each;
    }

    /// <summary>Plays the games, each as a row.</summary>
    public static Explanation Explain(IGames games, int budget, double? precision, Func<int, IGameEstimator> make)
    {
        var played = GameDriver.Run(games, budget, precision, make);
        return Explanation.Of(
            [.. played.SelectMany(p => p.Estimate.Values)],
            [.. played.Select(p => p.All)],
            [.. played.Select(p => p.Nobody)],
            complete: true
        ) with
        {
            StandardErrors = [.. played.SelectMany(p => p.Estimate.StandardErrors)],
            DegreesOfFreedom = [.. played.Select(p => p.Estimate.DegreesOfFreedom)],
            Evaluations = [.. played.Select(p => p.Coalitions * games.EvaluationsPerCoalition)],
        };
    }
}
