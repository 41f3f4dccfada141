using Assay.Attribution.Games;
using Shouldly;

namespace Assay.Attribution.Tests.Games;

/// <summary>Games given as functions of who is present; counts what was asked of each and refuses to be asked twice.</summary>
internal sealed class FunctionGames(int players, params Func<bool[], double>[] values) : IGames
{
    private readonly HashSet<(int Game, ulong First, ulong Second)> asked = [];

    public int Count => values.Length;

    public int Players => players;

    public int EvaluationsPerCoalition => 1;

    public int[] Asked { get; } = new int[values.Length];

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> results)
    {
        for (var i = 0; i < game.Length; i++)
        {
            var present = new bool[players];
            for (var p = 0; p < players; p++)
                present[p] = coalitions[i, p];
            var words = coalitions.Of(i);
            asked.Add((game[i], words[0], words.Length > 1 ? words[1] : 0)).ShouldBeTrue("asked twice");
            Asked[game[i]]++;
            results[i] = values[game[i]](present);
        }
    }

    /// <summary>Exact values of a game of few players.</summary>
    public static double[] Exact(int players, Func<bool[], double> value)
    {
        var values = new double[1 << players];
        var present = new bool[players];
        for (var c = 0; c < values.Length; c++)
        {
            for (var p = 0; p < players; p++)
                present[p] = (c >> p & 1) != 0;
            values[c] = value(present);
        }
        return Enumeration.Of(values, players);
    }

    /// <summary>v(S) = Π aᵢ over S · Π bᵢ over the rest.</summary>
    public static Func<bool[], double> Product(double[] a, double[] b) =>
        present => present.Select((p, i) => p ? a[i] : b[i]).Aggregate(1.0, (x, y) => x * y);

    /// <summary>
    /// Shapley values of a product game by Owen's multilinear extension (1972): φᵢ = ∫₀¹ ∂ᵢ Π (bⱼ + t(aⱼ − bⱼ)) dt, a
    /// polynomial that Gauss and Legendre integrate exactly.
    /// </summary>
    public static double[] ProductValues(double[] a, double[] b)
    {
        var (nodes, weights) = Methods.GaussLegendre.UnitInterval(a.Length);
        return
        [
            .. a.Select(
                (_, i) =>
                    nodes
                        .Zip(
                            weights,
                            (t, w) =>
                                w
                                * Enumerable
                                    .Range(0, a.Length)
                                    .Aggregate(1.0, (x, j) => x * (j == i ? a[j] - b[j] : b[j] + t * (a[j] - b[j])))
                        )
                        .Sum()
            ),
        ];
    }

    /// <summary>v(S) = Σ linear + Σ over pairs within S.</summary>
    public static Func<bool[], double> Order2(double[] linear, double[,] pairs) =>
        present =>
        {
            var sum = 0.0;
            for (var i = 0; i < linear.Length; i++)
            {
                sum += present[i] ? linear[i] : 0;
                for (var j = 0; j < i; j++)
                    sum += present[i] && present[j] ? pairs[i, j] : 0;
            }
            return sum;
        };

    /// <summary>What everyone has of it: their own term and half of each pair.</summary>
    public static double[] Order2Values(double[] linear, double[,] pairs) =>
        [
            .. linear.Select(
                (own, i) =>
                    own
                    + Enumerable
                        .Range(0, linear.Length)
                        .Sum(j => j == i ? 0 : 0.5 * pairs[Math.Max(i, j), Math.Min(i, j)])
            ),
        ];

    /// <summary>The mean of what each adds over all n! orders.</summary>
    public static double[] ByOrders(int players, Func<bool[], double> value)
    {
        var sums = new double[players];
        var orders = 0;
        Enter([], new bool[players]);
        return [.. sums.Select(s => s / orders)];

        void Enter(List<int> order, bool[] present)
        {
            if (order.Count == players)
            {
                orders++;
                var now = new bool[players];
                var before = value(now);
                foreach (var p in order)
                {
                    now[p] = true;
                    var after = value(now);
                    sums[p] += after - before;
                    before = after;
                }
                return;
            }
            for (var p = 0; p < players; p++)
            {
                if (present[p])
                    continue;
                present[p] = true;
                Enter([.. order, p], present);
                present[p] = false;
            }
        }
    }
}
