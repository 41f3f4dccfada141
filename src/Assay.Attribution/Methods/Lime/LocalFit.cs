using System.Numerics.Tensors;
using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>A weighted ridge regression of the values of coalitions on who is in them.</summary>
/// <param name="Slopes">A coefficient for each player; the intercept is not penalised.</param>
/// <param name="StandardErrors">By the sandwich with pairs as clusters (White 1980; Liang and Zeger 1986), for what a linear model does not say is no noise of constant size; NaN below 8 degrees of freedom.</param>
/// <param name="DegreesOfFreedom">Pairs less coefficients; 0 where there are no errors.</param>
/// <param name="Fidelity">R², each sum of squares by its degrees of freedom; NaN where there are no more draws than coefficients.</param>
internal sealed record LocalFit(double[] Slopes, double[] StandardErrors, double DegreesOfFreedom, double Fidelity)
{
    private const int FewestFreedom = 8;

    /// <summary>Fits coalitions that come in pairs, which share their error.</summary>
    /// <param name="coalitions">The regressors; an even number.</param>
    /// <param name="values">A value each.</param>
    /// <param name="weights">A weight each.</param>
    /// <param name="ridge">The penalty on squared slopes as a share of the sum of weights.</param>
    public static LocalFit OfPairs(Coalitions coalitions, double[] values, double[] weights, double ridge)
    {
        var (players, count) = (coalitions.Players, coalitions.Count);
        var total = TensorPrimitives.Sum<double>(weights);
        var rows = Centred(coalitions, weights, total);
        var mean = TensorPrimitives.Dot<double>(weights, values) / total;
        var (matrix, right) = (new double[players * players], new double[players]);
        for (var i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * players, players);
            var weight = weights[i] / total;
            for (var p = 0; p < players; p++)
            {
                var target = matrix.AsSpan(p * players, p + 1);
                TensorPrimitives.MultiplyAdd(row[..(p + 1)], weight * row[p], target, target);
            }
            TensorPrimitives.MultiplyAdd(row, weight * (values[i] - mean), right, right);
        }
        for (var p = 0; p < players; p++)
            matrix[p * players + p] += ridge + 1e-14;
        Cholesky.Decompose(matrix, players);
        Cholesky.Solve(matrix, players, right);
        var (residuals, left, spread) = (new double[count], 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            residuals[i] = values[i] - mean - TensorPrimitives.Dot<double>(rows.AsSpan(i * players, players), right);
            left += weights[i] * residuals[i] * residuals[i];
            spread += weights[i] * (values[i] - mean) * (values[i] - mean);
        }
        var free = count - players - 1.0;
        var fidelity =
            free <= 0 ? double.NaN
            : spread == 0 ? 1
            : 1 - left / free / (spread / (count - 1));
        var freedom = count / 2 - players - 1;
        return freedom < FewestFreedom
            ? new(right, [.. Enumerable.Repeat(double.NaN, players)], 0, fidelity)
            : new(right, Errors(rows, residuals, weights, total, matrix, players, freedom), freedom, fidelity);
    }

    private static double[] Errors(
        double[] rows,
        double[] residuals,
        double[] weights,
        double total,
        double[] factor,
        int players,
        int freedom
    )
    {
        var pairs = residuals.Length / 2;
        var (squares, push) = (new double[players], new double[players]);
        for (var i = 0; i < pairs; i++)
        {
            Array.Clear(push);
            for (var j = 2 * i; j < 2 * i + 2; j++)
                TensorPrimitives.MultiplyAdd(
                    rows.AsSpan(j * players, players),
                    weights[j] / total * residuals[j],
                    push,
                    push
                );
            Cholesky.Solve(factor, players, push);
            for (var p = 0; p < players; p++)
                squares[p] += push[p] * push[p];
        }
        return [.. squares.Select(s => Math.Sqrt(s * pairs / freedom))];
    }

    private static double[] Centred(Coalitions coalitions, double[] weights, double total)
    {
        var players = coalitions.Players;
        var means = new double[players];
        var rows = new double[coalitions.Count * players];
        for (var i = 0; i < coalitions.Count; i++)
        for (var p = 0; p < players; p++)
            if (coalitions[i, p])
            {
                rows[i * players + p] = 1;
                means[p] += weights[i] / total;
            }
        for (var i = 0; i < coalitions.Count; i++)
        {
            var row = rows.AsSpan(i * players, players);
            TensorPrimitives.Subtract(row, means, row);
        }
        return rows;
    }
}
