using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>Methods that share v(N) − v(∅) of each row's game among its features, within a budget of model evaluations.</summary>
internal abstract class GameMethod : AttributionMethod, IGamePlayer
{
    private const int DefaultPerPlayer = 32;

    // With a precision to stop at, the budget is a bound and not a choice.
    private const int MostPerPlayer = 512;

    /// <summary>The estimator of a game whose coalitions are too many to enumerate.</summary>
    protected abstract IGameEstimator Sampler(SamplerChoice choice);

    /// <summary>The fewest coalitions that the estimator needs.</summary>
    protected virtual int Fewest(int players) => 2 * players;

    /// <summary>Coalitions of a row where no budget is given.</summary>
    protected virtual int DefaultBudget(int players) => DefaultPerPlayer * players;

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        Play(model.Games(rows), RowKeys.Of(rows), model.Settings);

    public Explanation Play(IGames games, ulong[] keys, ExplainSettings settings)
    {
        var players = games.Players;
        var budget = Budget(settings, games);
        var fits = new OddFits();
        var played = GameDriver.Run(
            games,
            budget,
            settings.Precision,
            g =>
                Enumeration.Fits(players, budget)
                    ? new Enumeration(players)
                    : Sampler(new(players, budget, settings.Seed, keys[g], settings.Precision is not null, fits))
        );
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

    // In coalitions of a row.
    private int Budget(ExplainSettings settings, IGames games)
    {
        var (players, each) = (games.Players, games.EvaluationsPerCoalition);
        if (settings.Budget is not { } evaluations)
            return settings.Precision is null ? DefaultBudget(players) : MostPerPlayer * players;
        var fewest = players < 31 ? Math.Min(Fewest(players), 1 << players) : Fewest(players);
        if (evaluations / each < fewest)
            throw AssayException.Usage(
                $"A budget of {evaluations} evaluations a row is too small: '{Info.Id}' needs at least {(long)fewest * each} for {players} features{(each > 1 ? $" compared with {each} rows" : "")}."
            );
        return evaluations / each;
    }
}

/// <summary>What an estimator is made from.</summary>
/// <param name="Players">Number of players.</param>
/// <param name="Budget">Coalitions of a row.</param>
/// <param name="Seed">The seed of the settings.</param>
/// <param name="Stream">The row's own stream.</param>
/// <param name="InRounds">Whether estimates are asked for on the way.</param>
/// <param name="Fits">What games explained together share.</param>
internal readonly record struct SamplerChoice(
    int Players,
    int Budget,
    ulong Seed,
    ulong Stream,
    bool InRounds,
    OddFits Fits
);
