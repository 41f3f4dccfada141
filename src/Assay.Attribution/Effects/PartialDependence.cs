using Assay.Attribution.Interactions;

namespace Assay.Attribution.Effects;

/// <summary>
/// The mean score with the features set to each position in every row, less its mean over the rows' own positions. Each row's
/// curve is centred before curves are averaged, so intervals are of the shape and not of the rows' levels.
/// </summary>
internal static class PartialDependence
{
    public static FeatureEffect Of(EffectTask task)
    {
        var columns = task.Axes.Aggregate(1, (n, a) => n * a.Count);
        var density = Density(task, columns);
        double total = density.Sum();
        var weights = Array.ConvertAll(density, d => total == 0 ? 1.0 / columns : d / total);
        var curves = Curves(task, columns);
        var levels = Array.ConvertAll(curves, c => c.Zip(weights, (v, w) => v * w).Sum());
        var (rows, range) = (Enumerable.Range(0, curves.Length), Enumerable.Range(0, columns));
        var above = task.Sums(columns, rows.SelectMany(r => range.Select(c => (r, c, curves[r][c] - levels[r]))));
        var below = task.Sums(columns, rows.SelectMany(r => range.Select(c => (r, c, 1.0))));
        var (means, replicates, _) = task.Means(above, below);
        var effect = task.Effect(levels.Average(), means, replicates, density);
        return task.Settings.Kind == EffectKind.Ice ? effect with { Curves = Shown(task, curves) } : effect;
    }

    private static int[] Density(EffectTask task, int columns)
    {
        var density = new int[columns];
        foreach (var row in task.Rows)
        {
            var at = 0;
            foreach (var axis in task.Axes)
                at = at < 0 || axis.Near[row] < 0 ? -1 : at * axis.Count + axis.Near[row];
            if (at >= 0)
                density[at]++;
        }
        return density;
    }

    private static double[][] Curves(EffectTask task, int columns)
    {
        var curves = Array.ConvertAll(task.Rows, _ => new double[columns]);
        for (var column = 0; column < columns; column++)
        {
            var rest = column;
            var positions = new int[task.Axes.Count][];
            for (var a = task.Axes.Count - 1; a >= 0; a--)
            {
                positions[a] = [.. Enumerable.Repeat(rest % task.Axes[a].Count, task.Rows.Length)];
                rest /= task.Axes[a].Count;
            }
            var scores = task.Mixer.Score(task.Rows, positions);
            for (var r = 0; r < scores.Length; r++)
                curves[r][column] = scores[r];
        }
        return curves;
    }

    private static IReadOnlyList<IceCurve> Shown(EffectTask task, double[][] curves) =>
        [
            .. RowSample
                .Pick(curves.Length, task.Settings.Curves, task.Settings.Seed, "curves")
                .Select(r => new IceCurve(task.Rows[r], Array.ConvertAll(curves[r], v => v - curves[r][0]))),
        ];
}
