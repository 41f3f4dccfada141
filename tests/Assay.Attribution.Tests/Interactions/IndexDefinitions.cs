using System.Numerics;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>
/// The interaction indices from their published definitions: averages of discrete derivatives, a recursion, a constrained
/// regression. None of them goes by Möbius coefficients as the product does.
/// </summary>
internal static class IndexDefinitions
{
    public static double Value(TableGames game, string index, int order, ulong set) =>
        index switch
        {
            "sii" => Sii(game, set),
            "k-sii" => KSii(game, order, set),
            "stii" => Stii(game, order, set),
            _ => Fsii(game, order)[set],
        };

    // Grabisch and Roubens 1999, definition 1: Σ over T without S of (n−t−s)! t! / (n−s+1)! Δ_S(T).
    private static double Sii(TableGames game, ulong set)
    {
        var (n, s) = (game.Players, BitOperations.PopCount(set));
        return Outside(n, set)
            .Sum(t =>
            {
                var size = BitOperations.PopCount(t);
                return Factorial(n - size - s) * Factorial(size) / Factorial(n - s + 1) * game.Difference(set, t);
            });
    }

    // Bordt and von Luxburg 2023, definition 4: Φⁿ_S = Φⁿ⁻¹_S + B_{n−|S|} Σ over K of the interaction index of S ∪ K.
    private static double KSii(TableGames game, int order, ulong set)
    {
        double[] bernoulli = [1, -0.5, 1.0 / 6, 0];
        var s = BitOperations.PopCount(set);
        if (s == order)
            return Sii(game, set);
        return KSii(game, order - 1, set)
            + bernoulli[order - s]
                * Outside(game.Players, set)
                    .Where(k => BitOperations.PopCount(k) == order - s)
                    .Sum(k => Sii(game, set | k));
    }

    // Sundararajan, Dhamdhere and Agarwal 2020, definition 2.
    private static double Stii(TableGames game, int order, ulong set)
    {
        var n = game.Players;
        if (BitOperations.PopCount(set) < order)
            return game.Difference(set, 0);
        return (double)order
            / n
            * Outside(n, set).Sum(t => game.Difference(set, t) / Binomial(n - 1, BitOperations.PopCount(t)));
    }

    // Tsai, Yeh and Ravikumar 2023, equation 4: the polynomial of that order nearest to v by the Shapley kernel, equal to v
    // at no player and at all. By Lagrange multipliers.
    private static Dictionary<ulong, double> Fsii(TableGames game, int order)
    {
        var n = game.Players;
        var sets = Outside(n, 0).Where(s => BitOperations.PopCount(s) <= order).ToArray();
        var size = sets.Length + 2;
        var system = new double[size, size + 1];
        foreach (var t in Outside(n, 0))
        {
            var players = BitOperations.PopCount(t);
            for (var i = 0; i < sets.Length; i++)
            {
                if ((sets[i] & ~t) != 0)
                    continue;
                if (players == 0 || players == n)
                {
                    var row = sets.Length + (players == 0 ? 0 : 1);
                    system[row, i] = system[i, row] = 1;
                    system[row, size] = game.Value(t);
                    continue;
                }
                var weight = (n - 1) / (Binomial(n, players) * players * (n - players));
                system[i, size] += weight * game.Value(t);
                for (var j = 0; j < sets.Length; j++)
                    if ((sets[j] & ~t) == 0)
                        system[i, j] += weight;
            }
        }
        Solve(system);
        return sets.Select((s, i) => (s, system[i, size])).ToDictionary();
    }

    private static void Solve(double[,] system)
    {
        var n = system.GetLength(0);
        for (var c = 0; c < n; c++)
        {
            var pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(system[r, c]));
            for (var k = 0; k <= n; k++)
                (system[c, k], system[pivot, k]) = (system[pivot, k], system[c, k]);
            for (var r = 0; r < n; r++)
                if (r != c && system[r, c] / system[c, c] is var f and not 0)
                    for (var k = c; k <= n; k++)
                        system[r, k] -= f * system[c, k];
        }
        for (var r = 0; r < n; r++)
            system[r, n] /= system[r, r];
    }

    private static IEnumerable<ulong> Outside(int players, ulong set) =>
        Enumerable.Range(0, 1 << players).Select(t => (ulong)t).Where(t => (t & set) == 0);

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static double Binomial(int n, int k) => Factorial(n) / Factorial(k) / Factorial(n - k);
}
