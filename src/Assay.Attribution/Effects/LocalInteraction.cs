namespace Assay.Attribution.Effects;

/// <summary>
/// Second-order accumulated local effects (Apley and Zhu 2020, equations 17 to 20): what two features do together beyond the main
/// effects of each, which are taken out; 0 of an additive model. Cells without rows have the difference of the nearest that has
/// some. A row of a level takes part in the step that ends at its level (of the first level, that begins there).
/// </summary>
internal static class LocalInteraction
{
    public static FeatureEffect Of(EffectTask task)
    {
        var (first, second) = (task.Axes[0], task.Axes[1]);
        var (n, m) = (first.Count - 1, second.Count - 1);
        var taking = Enumerable
            .Range(0, task.Rows.Length)
            .Select(r => (Row: r, I: first.Step[task.Rows[r]], J: second.Step[task.Rows[r]]))
            .Where(t => t.I > 0 && t.J > 0)
            .ToArray();
        int[] rows = [.. taking.Select(t => task.Rows[t.Row])];
        double[] At(int i, int j) =>
            task.Mixer.Score(rows, [.. taking.Select(t => t.I - i)], [.. taking.Select(t => t.J - j)]);
        var (hh, lh, hl, ll) = (At(0, 0), At(1, 0), At(0, 1), At(1, 1));
        var cell = Array.ConvertAll(taking, t => (t.I - 1) * m + t.J - 1);
        var above = task.Sums(n * m, taking.Select((t, i) => (t.Row, cell[i], hh[i] - lh[i] - hl[i] + ll[i])));
        var below = task.Sums(n * m, taking.Select((t, i) => (t.Row, cell[i], 1.0)));
        var (means, replicates, _) = task.Means(above, below);
        var counts = new double[n * m];
        foreach (var c in cell)
            counts[c]++;
        var nearest = Nearest(counts, n, m);
        var values = Accumulate([.. nearest.Select(c => c < 0 ? 0 : means[c])], counts, n, m);
        var count = task.Settings.Replicates;
        var all = new double[values.Length * count];
        for (var b = 0; b < count; b++)
        {
            var at = b;
            var one = Accumulate([.. nearest.Select(c => c < 0 ? 0 : replicates[c * count + at])], counts, n, m);
            for (var v = 0; v < one.Length; v++)
                all[v * count + b] = one[v];
        }
        var density = new int[values.Length];
        foreach (var row in rows)
            density[LocalEffects.Place(first, row) * (m + 1) + LocalEffects.Place(second, row)]++;
        return task.Effect(task.Mixer.Score(task.Rows).Average(), values, all, density);
    }

    // Of each cell the nearest with rows, itself where it has some; −1 where none has.
    private static int[] Nearest(double[] counts, int n, int m)
    {
        int[] filled = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0)];
        return
        [
            .. Enumerable
                .Range(0, counts.Length)
                .Select(c =>
                    filled.Length == 0 ? -1
                    : counts[c] > 0 ? c
                    : filled.MinBy(f => Square((f / m - c / m) / (double)n) + Square((f % m - c % m) / (double)m))
                ),
        ];
    }

    // The steps of the authors' own program, ALEPlot 1.1: accumulate along both axes, then take out the accumulated mean of
    // each axis' steps, and the mean of what remains.
    private static double[] Accumulate(double[] cells, double[] counts, int n, int m)
    {
        var f = new double[n + 1, m + 1];
        for (var i = 1; i <= n; i++)
        for (var j = 1; j <= m; j++)
            f[i, j] = f[i - 1, j] + f[i, j - 1] - f[i - 1, j - 1] + cells[(i - 1) * m + j - 1];
        var (first, second) = (new double[n + 1], new double[m + 1]);
        for (var i = 1; i <= n; i++)
            first[i] =
                first[i - 1]
                + Mean(
                    m,
                    j => counts[(i - 1) * m + j],
                    j => (f[i, j] - f[i - 1, j] + f[i, j + 1] - f[i - 1, j + 1]) / 2
                );
        for (var j = 1; j <= m; j++)
            second[j] =
                second[j - 1]
                + Mean(n, i => counts[i * m + j - 1], i => (f[i, j] - f[i, j - 1] + f[i + 1, j] - f[i + 1, j - 1]) / 2);
        for (var i = 0; i <= n; i++)
        for (var j = 0; j <= m; j++)
            f[i, j] -= first[i] + second[j];
        var mean = Mean(
            n * m,
            c => counts[c],
            c => (f[c / m, c % m] + f[c / m + 1, c % m] + f[c / m, c % m + 1] + f[c / m + 1, c % m + 1]) / 4
        );
        return [.. f.Cast<double>().Select(v => v - mean)];
    }

    private static double Mean(int count, Func<int, double> weight, Func<int, double> value)
    {
        double sum = 0,
            total = 0;
        for (var i = 0; i < count; i++)
        {
            sum += weight(i) * value(i);
            total += weight(i);
        }
        return total == 0 ? 0 : sum / total;
    }

    private static double Square(double x) => x * x;
}
