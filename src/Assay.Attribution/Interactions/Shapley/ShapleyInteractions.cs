using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>Shapley interaction indices of each row's game: what a set of players does together beyond its parts.</summary>
internal sealed class ShapleyInteractions : InteractionMethod
{
    // 14 players are enumerated without being asked.
    private const int Enumerated = 1 << 14;
    private const int SampledBudget = 4096;

    // Coalitions × rows that are evaluated at once.
    private const int Part = 1 << 15;

    public override MethodInfo Info { get; } =
        new(
            "shapley-interactions",
            "Shapley interactions",
            "Grabisch and Roubens 1999 (SII); Bordt and von Luxburg 2023, arXiv 2209.04012 (k-SII); Sundararajan et al. 2020, arXiv 1902.05622 (STII); Tsai et al. 2023, arXiv 2203.00870 (FSII)",
            ["dummy", "symmetry", "linearity in the model", "efficiency (all but SII)"],
            "2^F forward passes up to 14 features, else the budget, 4096 if not given",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    public override RowInteractions Explain(InteractionModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var settings = model.Settings;
        return Of(new ModelGames(model.Explained, rows), settings.Index, settings.Order, settings.Explain);
    }

    /// <summary>The index of every set up to the order, in every game.</summary>
    public static RowInteractions Of(IGames games, string index, int order, ExplainSettings settings)
    {
        order = Math.Min(order, games.Players);
        var sets = PlayerSets.UpTo(order, games.Players);
        var coalitions = settings.Budget is { } given ? given / games.EvaluationsPerCoalition : Enumerated;
        var enumerates = games.Players <= ExactIndex.MostPlayers && 1L << games.Players <= coalitions;
        if (!enumerates && settings.Budget is null)
            coalitions = Math.Max(1, SampledBudget / games.EvaluationsPerCoalition);
        var result = enumerates
            ? Exact(games, sets, index, order)
            : Sampled(games, sets, index, order, coalitions, settings);
        return InteractionIndex.IsEfficient(index)
            ? result with
            {
                CompletenessGap = RowInteractions.Gaps(sets.Count, result.Values, result.Target, result.BaselineTarget),
            }
            : result;
    }

    private static RowInteractions Exact(IGames games, IReadOnlyList<IReadOnlyList<int>> sets, string index, int order)
    {
        var all = ExactIndex.All(games.Players);
        var result = Empty(games, sets);
        var step = Math.Max(1, Part / all.Count);
        for (var from = 0; from < games.Count; from += step)
        {
            var count = Math.Min(step, games.Count - from);
            var part = new Coalitions(games.Players);
            var game = new int[count * all.Count];
            for (var i = 0; i < game.Length; i++)
            {
                game[i] = from + i / all.Count;
                part.Add(all.Of(i % all.Count));
            }
            var values = new double[game.Length];
            games.Evaluate(game, part, values);
            for (var g = 0; g < count; g++)
            {
                var own = values.AsSpan(g * all.Count, all.Count);
                var row = from + g;
                (result.BaselineTarget[row], result.Target[row]) = (own[0], own[^1]);
                result.Evaluations![row] = all.Count * games.EvaluationsPerCoalition;
                ExactIndex.Compute(
                    own,
                    games.Players,
                    sets,
                    index,
                    order,
                    result.Values.AsSpan(row * sets.Count, sets.Count)
                );
            }
        }
        return result;
    }

    private static RowInteractions Sampled(
        IGames games,
        IReadOnlyList<IReadOnlyList<int>> sets,
        string index,
        int order,
        int coalitions,
        ExplainSettings settings
    )
    {
        var least = games.Players < 4 ? 1 << games.Players : 6;
        if (coalitions < least)
            throw AssayException.Usage(
                $"A budget of {settings.Budget} evaluations a row is too small for the interactions of {games.Players} features; give at least {least * games.EvaluationsPerCoalition}."
            );
        var sampled = new SampledIndex(sets, index, order, games.Players, coalitions, settings.Seed);
        var result = Empty(games, sets);
        var errors = new double[result.Values.Length];
        for (var row = 0; row < games.Count; row++)
        {
            var (own, values) = Game(games, row, sampled, settings.Precision);
            own.Values.CopyTo(result.Values, row * sets.Count);
            own.StandardErrors.CopyTo(errors, row * sets.Count);
            (result.BaselineTarget[row], result.Target[row]) = (values[0], values[1]);
            result.Evaluations![row] = own.Coalitions * games.EvaluationsPerCoalition;
        }
        return result with { StandardErrors = errors };
    }

    // Doubles the pairs until the wanted precision is reached; each row for itself.
    private static (SampledValues Own, double[] Values) Game(
        IGames games,
        int row,
        SampledIndex sampled,
        double? precision
    )
    {
        var values = new double[sampled.CoalitionsOf(sampled.Pairs)];
        var done = 0;
        for (
            var pairs = precision is null ? sampled.Pairs : Math.Min(sampled.Pairs, Math.Max(16, sampled.Pairs / 16));
            ;
            pairs = Math.Min(2 * pairs, sampled.Pairs)
        )
        {
            var part = new Coalitions(games.Players);
            for (var c = done; c < sampled.CoalitionsOf(pairs); c++)
                part.Add(sampled.All.Of(c));
            var game = new int[part.Count];
            Array.Fill(game, row);
            games.Evaluate(game, part, values.AsSpan(done, part.Count));
            done += part.Count;
            var own = sampled.Estimate(values, pairs);
            if (pairs == sampled.Pairs || own.StandardErrors.Max() <= precision * own.Values.Max(Math.Abs))
                return (own, values);
        }
    }

    private static RowInteractions Empty(IGames games, IReadOnlyList<IReadOnlyList<int>> sets) =>
        new(
            games.Count,
            sets,
            new double[games.Count * sets.Count],
            new double[games.Count],
            new double[games.Count],
            null
        )
        {
            Evaluations = new int[games.Count],
        };
}
