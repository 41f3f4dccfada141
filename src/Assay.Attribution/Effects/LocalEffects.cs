namespace Assay.Attribution.Effects;

/// <summary>
/// First-order accumulated local effects. A number's row is moved between the edges of its own step (Apley and Zhu 2020, equation
/// 15); a row of a level to the levels before and behind it (their appendix E), levels being in the order of frequency.
/// </summary>
internal static class LocalEffects
{
    public static FeatureEffect Of(EffectTask task)
    {
        var axis = task.Axes[0];
        var steps = axis.Count - 1;
        var moves = Moves(task, axis);
        int[] rows = [.. moves.Select(m => task.Rows[m.Row])];
        var upper = task.Mixer.Score(rows, [.. moves.Select(m => m.Step)]);
        var lower = task.Mixer.Score(rows, [.. moves.Select(m => m.Step - 1)]);
        var above = task.Sums(steps, moves.Select((m, i) => (m.Row, m.Step - 1, upper[i] - lower[i])));
        var below = task.Sums(steps, moves.Select(m => (m.Row, m.Step - 1, 1.0)));
        var (means, replicates, _) = task.Means(above, below);
        var density = Density(task, axis);
        var shares = Shares(axis, density);
        var values = Accumulate(means, shares);
        var count = task.Settings.Replicates;
        var all = new double[values.Length * count];
        for (var b = 0; b < count; b++)
        {
            var one = Accumulate([.. Enumerable.Range(0, steps).Select(s => replicates[s * count + b])], shares);
            for (var v = 0; v < one.Length; v++)
                all[v * count + b] = one[v];
        }
        var mean = task.Mixer.Score(task.Rows).Average();
        return task.Effect(mean, values, all, density);
    }

    /// <summary>Rows in each position: of a number those of the step that ends there.</summary>
    public static int[] Density(EffectTask task, Axis axis)
    {
        var density = new int[axis.Count];
        foreach (var row in task.Rows)
            if (Place(axis, row) is >= 0 and var at)
                density[at]++;
        return density;
    }

    /// <summary>The position that a row counts for.</summary>
    public static int Place(Axis axis, int row) => axis.Shown.IsNumeric ? axis.Step[row] : axis.Near[row];

    private static List<(int Row, int Step)> Moves(EffectTask task, Axis axis)
    {
        var moves = new List<(int, int)>();
        for (var r = 0; r < task.Rows.Length; r++)
        {
            var row = task.Rows[r];
            if (axis.Shown.IsNumeric)
            {
                if (axis.Step[row] > 0)
                    moves.Add((r, axis.Step[row]));
                continue;
            }
            if (axis.Near[row] > 0)
                moves.Add((r, axis.Near[row]));
            if (axis.Near[row] < axis.Count - 1)
                moves.Add((r, axis.Near[row] + 1));
        }
        return moves;
    }

    // What each position counts for in the mean that is taken out: of a number both ends of a step count half.
    private static double[] Shares(Axis axis, int[] density)
    {
        var total = (double)density.Sum();
        var shares = new double[density.Length];
        for (var p = 0; p < density.Length; p++)
            if (!axis.Shown.IsNumeric)
                shares[p] = total == 0 ? 0 : density[p] / total;
            else if (p > 0 && total > 0)
            {
                shares[p] += density[p] / total / 2;
                shares[p - 1] += density[p] / total / 2;
            }
        return shares;
    }

    // A step that no row takes adds nothing.
    private static double[] Accumulate(double[] steps, double[] shares)
    {
        var values = new double[steps.Length + 1];
        for (var s = 0; s < steps.Length; s++)
            values[s + 1] = values[s] + (double.IsNaN(steps[s]) ? 0 : steps[s]);
        var mean = values.Zip(shares, (v, w) => v * w).Sum();
        return Array.ConvertAll(values, v => v - mean);
    }
}
