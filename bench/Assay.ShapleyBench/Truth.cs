using Assay.Attribution.Games;
using Assay.Attribution.Methods;

namespace Assay.ShapleyBench;

/// <summary>Shapley values of games too large to enumerate, by very many orders and their reverses.</summary>
internal static class Truth
{
    private const int Pairs = 4096;

    /// <summary>The games, tabulated where they are small, their values, and the standard errors of these where they have any.</summary>
    public static (IGames Games, double[][] Values, double[][]? Errors) Of(IGames games, bool enumerate)
    {
        if (enumerate)
        {
            var table = TableGames.Of(games);
            return (table, [.. Enumerable.Range(0, games.Count).Select(table.Exact)], null);
        }
        var (values, errors) = Sampled(games);
        return (games, values, errors);
    }

    private static (double[][] Values, double[][] Errors) Sampled(IGames games)
    {
        var budget = 2 + Pairs * PermutationSampler.PerPair(games.Players);
        var played = GameDriver.Run(
            games,
            budget,
            null,
            g => Samplers.Permutation(new(games.Players, budget, 987_654, (ulong)g, false, new()))
        );
        return ([.. played.Select(p => p.Estimate.Values)], [.. played.Select(p => p.Estimate.StandardErrors)]);
    }

    /// <summary>Its expected relative squared error, the mean over games.</summary>
    public static double Relative(double[][] values, double[][] errors) =>
        values.Zip(errors, (v, e) => e.Sum(x => x * x) / v.Sum(x => x * x)).Average();
}
