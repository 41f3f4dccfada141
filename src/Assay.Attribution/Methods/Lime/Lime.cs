using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>
/// A linear model of who is present, fitted to the row's game around the row: its coefficients, and how well it fits. Presence is
/// drawn by fair coins, each draw with its complement; the weight of a draw without m of F features is LIME's kernel
/// exp(−m / (2·0.75²·F)); ridge penalty 1e-4 of the sum of weights, none on the intercept. Each row has its own draws.
/// </summary>
internal sealed class Lime : AttributionMethod
{
    private const int DefaultPerPlayer = 32;
    private const int LeastDefault = 512;
    private const int MostPerPlayer = 512;

    public override MethodInfo Info { get; } =
        new(
            "lime",
            "LIME (local linear surrogate)",
            "Ribeiro, Singh and Guestrin 2016, arXiv 1602.04938",
            ["linearity in the model"],
            "the budget, 32 F forward passes (at least 512) unless given",
            PerRow: true,
            NeedsGradient: false,
            Complete: false
        )
        {
            Sampled = true,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var (games, keys, settings) = (model.Games(rows), RowKeys.Of(rows), model.Settings);
        var budget = Budget(settings, games);
        var fits = new ILocalFit[games.Count];
        var played = GameDriver.Run(
            games,
            budget,
            settings.Precision,
            g =>
            {
                var (players, random) = (games.Players, new CounterRandom(settings.Seed, "lime", keys[g]));
                fits[g] = Enumeration.Fits(players, budget)
                    ? new LimeEnumeration(players)
                    : new LimeSampler(players, random, settings.Precision is not null);
                return fits[g];
            }
        );
        return Explanation.Of(
            [.. played.SelectMany(p => p.Estimate.Values)],
            [.. played.Select(p => p.All)],
            [.. played.Select(p => p.Nobody)],
            complete: false
        ) with
        {
            StandardErrors = [.. played.SelectMany(p => p.Estimate.StandardErrors)],
            DegreesOfFreedom = [.. played.Select(p => p.Estimate.DegreesOfFreedom)],
            Evaluations = [.. played.Select(p => p.Coalitions * games.EvaluationsPerCoalition)],
            Fidelity = [.. fits.Select(f => f.Fidelity)],
        };
    }

    // In coalitions of a row.
    private int Budget(ExplainSettings settings, IGames games)
    {
        var (players, each) = (games.Players, games.EvaluationsPerCoalition);
        if (settings.Budget is not { } evaluations)
            return Math.Max(LeastDefault, (settings.Precision is null ? DefaultPerPlayer : MostPerPlayer) * players);
        var fewest = LimeSampler.Fewest(players);
        fewest = players < 31 ? Math.Min(fewest, 1 << players) : fewest;
        if (evaluations / each < fewest)
            throw AssayException.Usage(
                $"A budget of {evaluations} evaluations a row is too small: '{Info.Id}' needs at least {(long)fewest * each} for {players} features{(each > 1 ? $" compared with {each} rows" : "")}."
            );
        return evaluations / each;
    }
}

/// <summary>An estimator that also says how well its linear model fits.</summary>
internal interface ILocalFit : IGameEstimator
{
    /// <summary>R² of the linear model on the draws, weighted as they are.</summary>
    double Fidelity { get; }
}
