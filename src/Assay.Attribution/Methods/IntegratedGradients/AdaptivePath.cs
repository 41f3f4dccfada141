using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Methods;

/// <summary>
/// Integrated gradients to a stated error: the intervals are doubled for those rows alone in which two resolutions still
/// differ. A small completeness gap would prove nothing: by secants it is always small.
/// </summary>
internal static class AdaptivePath
{
    // With 2 and 4 in the same graph, enough for most rows.
    private const int First = 8;

    // Doubling the intervals of a smooth integrand leaves a quarter of the error of slopes (Richardson 1911).
    private const double Richardson = 1.0 / 3;

    // Where kinks rule, the extrapolation gains nothing and its own change understates the error.
    private const double Caution = 1.5;

    private const double ShareOfLastChange = 0.25;

    /// <summary>Refines until the estimated error is at most <paramref name="tolerance"/> or the settings' steps are taken.</summary>
    public static Explanation Explain(
        ExplainedModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        double tolerance
    )
    {
        var feeds = model.Feeds(rows);
        var most = Math.Max(2 * First, model.Settings.Steps);
        var rule = model.Rule(First);
        var secant = rule.IsSecant;
        var path = model.Along(feeds, secant ? rule with { Levels = 3 } : rule);
        var state = new State(path.Levels, model.Features.Count, secant);
        var open = Enumerable.Range(0, state.Rows).ToArray();
        if (secant)
            open = state.StillOpen(open, tolerance, First);
        for (var n = 2 * First; n <= most && open.Length > 0; n *= 2)
        {
            var picked = new RowBatch().Take(feeds, open, open.Length);
            state.Refine(open, model.Along(picked, model.Rule(n)).Levels[0]);
            open = state.StillOpen(open, tolerance, n);
        }
        var target = path.Target ?? model.Target(rows, model.All(1));
        var baseline = path.BaselineTarget ?? model.Target(rows, model.All(0));
        return Explanation.Of(state.Result, target, baseline, complete: true) with
        {
            Steps = state.Steps,
            EstimatedError = state.Errors,
        };
    }

    /// <summary>The last resolutions of every row and what follows from them.</summary>
    private sealed class State(double[][] levels, int features, bool secant)
    {
        private readonly double[] fine = [.. levels[0]];
        private readonly double[] middle = [.. levels[Math.Min(1, levels.Length - 1)]];
        private readonly double[] coarse = [.. levels[^1]];

        public int Rows { get; } = levels[0].Length / features;

        public double[] Result { get; } = [.. levels[0]];

        public int[] Steps { get; } = [.. Enumerable.Repeat(First, levels[0].Length / features)];

        public double[] Errors { get; } = new double[levels[0].Length / features];

        /// <summary>Takes the attributions of some rows at twice the resolution.</summary>
        public void Refine(int[] rows, double[] finer)
        {
            for (var i = 0; i < rows.Length; i++)
            for (var f = 0; f < features; f++)
            {
                var at = rows[i] * features + f;
                (coarse[at], middle[at], fine[at]) = (middle[at], fine[at], finer[i * features + f]);
            }
        }

        /// <summary>Settles the result of rows at a resolution; returns those whose error is estimated too large.</summary>
        public int[] StillOpen(int[] rows, double tolerance, int steps)
        {
            foreach (var row in rows)
                (Errors[row], Steps[row]) = (secant ? SettleSecant(row) : SettleNodes(row), steps);
            return [.. rows.Where(r => Errors[r] > tolerance)];
        }

        private double SettleSecant(int row)
        {
            double largest = 0,
                moved = 0,
                last = 0;
            for (var at = row * features; at < (row + 1) * features; at++)
            {
                var (before, change) = (middle[at] - coarse[at], fine[at] - middle[at]);
                var extrapolated = fine[at] + Richardson * change;
                moved = Math.Max(moved, Math.Abs(extrapolated - (middle[at] + Richardson * before)));
                last = Math.Max(last, Math.Abs(change));
                largest = Math.Max(largest, Math.Abs(extrapolated));
                Result[at] = extrapolated;
            }
            return Relative(Math.Max(Caution * moved, ShareOfLastChange * last), largest);
        }

        // Nodes gain nothing by extrapolation; with kinks the finer of two is off by about their difference.
        private double SettleNodes(int row)
        {
            double largest = 0,
                last = 0;
            for (var at = row * features; at < (row + 1) * features; at++)
            {
                last = Math.Max(last, Math.Abs(fine[at] - middle[at]));
                largest = Math.Max(largest, Math.Abs(fine[at]));
                Result[at] = fine[at];
            }
            return Relative(last, largest);
        }

        private static double Relative(double error, double largest) => largest == 0 ? 0 : error / largest;
    }
}
