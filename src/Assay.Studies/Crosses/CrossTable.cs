using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// The effect of each cell of a cross on the logit, everything else of the model held: one logistic equation a cell, so
/// Newton's method finds the one optimum. How strongly effects are drawn to 0 is chosen by the loss on validation rows.
/// </summary>
internal static class CrossTable
{
    private static readonly double[] Penalties = [0.3, 1, 3, 10, 30, 100, 300];

    /// <summary>Rows of a fit: what the model says, what was, and the cell.</summary>
    internal sealed record CellRows(double[] Logits, double[] Labels, int[] Cells);

    /// <returns>The effect of each cell, all 0 where no penalty helps the validation rows; the penalty (infinite then).</returns>
    public static (double[] Effects, double Penalty) Fit(CellRows training, CellRows validation, int cells)
    {
        var best = (Effects: new double[cells], Penalty: double.PositiveInfinity);
        var least = Loss(validation, best.Effects);
        foreach (var penalty in Penalties)
        {
            var effects = Fit(training, cells, penalty);
            if (Loss(validation, effects) is var loss && loss < least)
                (best, least) = ((effects, penalty), loss);
        }
        return best;
    }

    /// <summary>The effects under a penalty of ½ · penalty · effect² a cell.</summary>
    public static double[] Fit(CellRows rows, int cells, double penalty)
    {
        var effects = new double[cells];
        var (slope, curvature) = (new double[cells], new double[cells]);
        for (var step = 0; step < 50; step++)
        {
            for (var c = 0; c < cells; c++)
                (slope[c], curvature[c]) = (penalty * effects[c], penalty);
            for (var i = 0; i < rows.Cells.Length; i++)
            {
                var c = rows.Cells[i];
                var p = 1 / (1 + Math.Exp(-rows.Logits[i] - effects[c]));
                slope[c] += p - rows.Labels[i];
                curvature[c] += p * (1 - p);
            }
            var largest = 0.0;
            for (var c = 0; c < cells; c++)
            {
                // A bounded step: far from the optimum the curvature says little.
                var move = Math.Clamp(slope[c] / curvature[c], -1, 1);
                effects[c] -= move;
                largest = Math.Max(largest, Math.Abs(move));
            }
            if (largest < 1e-9)
                break;
        }
        return effects;
    }

    private static double Loss(CellRows rows, double[] effects)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Cells.Length; i++)
            sum += LogLoss.OfLogit(rows.Logits[i] + effects[rows.Cells[i]], rows.Labels[i]);
        return sum;
    }
}
