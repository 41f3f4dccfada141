using Assay.Attribution.Games;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>Deletion, insertion and infidelity: what becomes of the target when features go to the baseline.</summary>
internal sealed class RemovalMeasures
{
    private const int MostSteps = 32;
    private readonly IGames games;
    private readonly double[] whole;
    private readonly double[] empty;
    private readonly int[][] removals;
    private readonly double[] removed;

    /// <summary>Measures on games, one for each row; the removed sets are the same for all rows and methods.</summary>
    public RemovalMeasures(IGames games, int removals, ulong seed)
    {
        this.games = games;
        this.removals = Draw(games.Players, removals, seed);
        whole = Everywhere(_ => true);
        empty = Everywhere(_ => false);
        removed = new double[games.Count * removals];
        for (var i = 0; i < removals; i++)
        {
            var gone = this.removals[i].ToHashSet();
            var values = Everywhere(p => !gone.Contains(p));
            for (var r = 0; r < values.Length; r++)
                removed[r * removals + i] = whole[r] - values[r];
        }
    }

    /// <summary>
    /// The areas between the target's curve and the straight line from its first to its last point, in units of the target, where the
    /// abscissa (share of the features) runs from 0 to 1; at most 32 steps (Petsiuk et al. 2018, arXiv 1806.07421, at features).
    /// </summary>
    public (double[] Deletion, double[] Insertion) Curves(double[] attributions)
    {
        var (rows, players) = (games.Count, games.Players);
        var steps = Math.Min(players, MostSteps);
        var coalitions = new Coalitions(players);
        var game = new List<int>();
        for (var r = 0; r < rows; r++)
        {
            var order = Order(attributions.AsSpan(r * players, players));
            for (var s = 1; s < steps; s++)
            {
                var inside = coalitions.Add();
                foreach (var player in order.AsSpan(0, Size(s, steps)))
                    coalitions[inside, player] = true;
                coalitions.AddComplement(inside);
                game.AddRange([r, r]);
            }
        }
        var values = new double[game.Count];
        games.Evaluate(game.ToArray(), coalitions, values);
        var (deletion, insertion) = (new double[rows], new double[rows]);
        for (var r = 0; r < rows; r++)
        {
            var own = values.AsSpan(r * 2 * (steps - 1), 2 * (steps - 1));
            insertion[r] = Area(empty[r], own, 0, whole[r], steps);
            deletion[r] = Area(whole[r], own, 1, empty[r], steps);
        }
        return (deletion, insertion);
    }

    /// <summary>
    /// Yeh et al. 2019 (arXiv 1901.09392): the mean over removed sets S of (β Σ_{i∈S} φᵢ − (v(N) − v(N∖S)))², with the β that makes it
    /// least for the row (the paper's optimal scaling); as it is, and as a share of the mean of (v(N) − v(N∖S))².
    /// </summary>
    public (double[] Share, double[] Squared) Infidelity(double[] attributions)
    {
        var (rows, players, count) = (games.Count, games.Players, removals.Length);
        var (share, squared) = (new double[rows], new double[rows]);
        for (var r = 0; r < rows; r++)
        {
            double sumSum = 0,
                sumChange = 0,
                changeChange = 0;
            for (var i = 0; i < count; i++)
            {
                var sum = 0.0;
                foreach (var player in removals[i])
                    sum += attributions[r * players + player];
                var change = removed[r * count + i];
                sumSum += sum * sum;
                sumChange += sum * change;
                changeChange += change * change;
            }
            var explained = sumSum == 0 ? 0 : sumChange * sumChange / sumSum;
            squared[r] = Math.Max(0, changeChange - explained) / count;
            share[r] = changeChange == 0 ? double.NaN : Math.Clamp(1 - explained / changeChange, 0, 1);
        }
        return (share, squared);
    }

    private int Size(int step, int steps) => (int)((long)step * games.Players / steps);

    // Trapezoids between the curve's points less the line's area; own holds insertion and deletion in turns.
    private double Area(double first, ReadOnlySpan<double> own, int offset, double last, int steps)
    {
        double area = 0,
            before = first;
        for (var s = 1; s <= steps; s++)
        {
            var now = s == steps ? last : own[2 * (s - 1) + offset];
            area += (before + now) / 2 * (Size(s, steps) - Size(s - 1, steps)) / games.Players;
            before = now;
        }
        return area - (first + last) / 2;
    }

    private static int[] Order(ReadOnlySpan<double> attributions)
    {
        var values = attributions.ToArray();
        return [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
    }

    private double[] Everywhere(Func<int, bool> present)
    {
        var coalitions = new Coalitions(games.Players);
        for (var r = 0; r < games.Count; r++)
        {
            var at = coalitions.Add();
            for (var p = 0; p < games.Players; p++)
                coalitions[at, p] = present(p);
        }
        var values = new double[games.Count];
        games.Evaluate([.. Enumerable.Range(0, games.Count)], coalitions, values);
        return values;
    }

    // Sizes uniform in 1 .. players, members uniform.
    private static int[][] Draw(int players, int count, ulong seed)
    {
        var random = new CounterRandom(seed, "judge removals");
        return
        [
            .. Enumerable.Range(0, count).Select(_ => random.Permutation(players)[..(1 + random.NextInt(players))]),
        ];
    }
}
