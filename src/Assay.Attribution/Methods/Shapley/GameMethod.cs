using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>Methods that share v(N) − v(∅) of each row's game among its features, within a budget of model evaluations.</summary>
internal abstract class GameMethod : AttributionMethod, IGamePlayer
{
    /// <summary>The estimator of a game whose coalitions are too many to enumerate.</summary>
    protected abstract IGameEstimator Sampler(SamplerChoice choice);

    /// <summary>The fewest coalitions that the estimator needs.</summary>
    protected virtual int Fewest(int players) => 2 * players;

    /// <summary>Coalitions of a row where no budget is given.</summary>
    protected virtual int DefaultBudget(int players) => GamePlay.DefaultPerPlayer * players;

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        Play(model.Games(rows), RowKeys.Of(rows), model.Settings);

    public Explanation Play(IGames games, ulong[] keys, ExplainSettings settings)
    {
        var players = games.Players;
        var budget = GamePlay.Budget(Info.Id, games, settings, DefaultBudget(players), Fewest(players));
        var fits = new OddFits();
        return GamePlay.Explain(
            games,
            budget,
            settings.Precision,
            g =>
                Enumeration.Fits(players, budget)
                    ? new Enumeration(players)
                    : Sampler(new(players, budget, settings.Seed, keys[g], settings.Precision is not null, fits))
        );
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
