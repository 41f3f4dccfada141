using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>
/// Shapley values of the loss over a population (SAGE: Covert, Lundberg and Lee 2020, arXiv 2004.00668): how much of the mean
/// loss each player saves. They sum to the mean loss with nobody present less that with all.
/// </summary>
/// <param name="Values">One for each player; positive where the player lowers the loss.</param>
/// <param name="StandardErrors">Of each value, rows taken as independent; for clusters use <paramref name="OfRows"/>.</param>
/// <param name="OfRows">Rows × players: unbiased draws of each row's own values, whose means over rows are the values.</param>
/// <param name="LossOfNobody">The mean loss with nobody present.</param>
/// <param name="LossOfAll">The mean loss of the model.</param>
/// <param name="Evaluations">Model evaluations of each row.</param>
public sealed record SageValues(
    double[] Values,
    double[] StandardErrors,
    double[] OfRows,
    double LossOfNobody,
    double LossOfAll,
    int[] Evaluations
)
{
    /// <summary>
    /// Estimates the values. Each row's own are drawn by random orders of the players and their reverses, keyed by the row, so
    /// that the errors of rows are independent, and the mean over rows has that of the draws in it.
    /// </summary>
    /// <param name="games">The game of each row.</param>
    /// <param name="loss">The loss of a row, by its number, at a value of its game.</param>
    /// <param name="keys">What names the random numbers of each row.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="pairs">Orders, with their reverses, of each row; at least 1. More help only where rows are few.</param>
    /// <exception cref="ArgumentException">There are not as many keys as games, or no pairs.</exception>
    public static SageValues Of(
        IGames games,
        Func<int, double, double> loss,
        IReadOnlyList<ulong> keys,
        ulong seed,
        int pairs = 1
    )
    {
        ArgumentNullException.ThrowIfNull(games);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        if (keys.Count != games.Count)
            throw new ArgumentException($"{games.Count} games need as many keys, not {keys.Count}.");
        var players = games.Players;
        var budget = checked(2 + pairs * PermutationSampler.PerPair(players));
        var played = GameDriver.Run(
            new LossGames(games, loss),
            budget,
            null,
            g => Enumeration.Fits(players, budget) ? new Enumeration(players) : Orders(players, seed, keys[g])
        );
        var (values, errors) = (new double[players], new double[players]);
        for (var p = 0; p < players; p++)
        {
            values[p] = played.Average(g => g.Estimate.Values[p]);
            var squares = played.Sum(g => Math.Pow(g.Estimate.Values[p] - values[p], 2));
            errors[p] =
                played.Length < PermutationSampler.FewestPairs
                    ? double.NaN
                    : Math.Sqrt(squares / (played.Length - 1.0) / played.Length);
        }
        return new(
            values,
            errors,
            [.. played.SelectMany(g => g.Estimate.Values)],
            -played.Average(g => g.Nobody),
            -played.Average(g => g.All),
            [.. played.Select(g => g.Coalitions * games.EvaluationsPerCoalition)]
        );
    }

    private static PermutationSampler Orders(int players, ulong seed, ulong key)
    {
        var random = new CounterRandom(seed, StableHash.Combine("shapley/sage", key));
        return new(players, () => random.Permutation(players), inRounds: false);
    }
}
