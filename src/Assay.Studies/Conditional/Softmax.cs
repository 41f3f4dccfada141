using static System.Numerics.Tensors.TensorPrimitives;

namespace Assay.Studies;

/// <summary>
/// Multinomial logistic regression with a ridge, by accelerated steps under Böhning's bound of the Hessian (Böhning
/// 1992): ½ XᵀX, factored once.
/// </summary>
internal sealed class Softmax
{
    private const int Iterations = 60;
    private static readonly double[] Ridges = [1, 10, 100, 1000, 10_000];

    // With many units the weakest ridge is as good as any.
    private const int FewUnits = 2048;

    // Where an exponent is beyond the double's range, Exp rounds its neighbours in the same vector otherwise; which those
    // are depends on where the array lies in memory.
    private const double LeastExponent = -700;
    private readonly double[][] weights;
    private readonly double[] intercepts;

    private Softmax(double[][] weights, double[] intercepts) => (this.weights, this.intercepts) = (weights, intercepts);

    /// <summary>Fits classes 0 … classes − 1; with few units by the ridge that predicts a third of them best from the others.</summary>
    public static Softmax FitBest(Design x, int[] label, int classes)
    {
        if (x.Count > FewUnits || x.Count < 30)
            return Fit(x, label, classes, Ridges[0]);
        int[] kept = [.. Enumerable.Range(0, x.Count).Where(i => i % 3 != 2)];
        int[] held = [.. Enumerable.Range(0, x.Count).Where(i => i % 3 == 2)];
        var (fit, check) = (x.Rows(kept), x.Rows(held));
        int[] own = [.. kept.Select(i => label[i])];
        double Loss(double ridge)
        {
            var p = Fit(fit, own, classes, ridge).Probabilities(check);
            return held.Select((u, i) => -Math.Log(Math.Max(p[label[u]][i], 1e-12))).Sum();
        }
        return Fit(x, label, classes, Ridges.MinBy(Loss));
    }

    /// <summary>Fits classes 0 … classes − 1.</summary>
    public static Softmax Fit(Design x, int[] label, int classes, double ridge = 1)
    {
        var d = x.Columns.Length;
        var n = x.Count;
        var factor = new Cholesky(x.Gram(), 0.5, ridge);
        var own = Parts(classes, d);
        var ahead = Parts(classes, d);
        for (var c = 0; c < classes; c++)
            ahead[c][d] = own[c][d] = Math.Log((label.Count(l => l == c) + 1.0) / (n + classes));
        var momentum = 1.0;
        for (var step = 0; step < Iterations; step++)
        {
            var p = Probabilities(x, [.. ahead.Select(a => a[..d])], [.. ahead.Select(a => a[d])]);
            var next = (1 + Math.Sqrt(1 + 4 * momentum * momentum)) / 2;
            var pull = (momentum - 1) / next;
            momentum = next;
            for (var c = 0; c < classes; c++)
            {
                var residual = p[c];
                for (var i = 0; i < n; i++)
                    residual[i] = (label[i] == c ? 1 : 0) - residual[i];
                var gradient = x.Times(residual);
                MultiplyAdd(ahead[c].AsSpan(0, d), -ridge, gradient, gradient);
                var move = factor.Solve(gradient);
                for (var i = 0; i <= d; i++)
                {
                    var moved = ahead[c][i] + (i < d ? move[i] : Sum<double>(residual) / (0.5 * n));
                    ahead[c][i] = moved + pull * (moved - own[c][i]);
                    own[c][i] = moved;
                }
            }
        }
        return new([.. own.Select(o => o[..d])], [.. own.Select(o => o[d])]);
    }

    /// <summary>For each class the probability in each unit.</summary>
    public double[][] Probabilities(Design x) => Probabilities(x, weights, intercepts);

    private static double[][] Parts(int classes, int d) =>
        [.. Enumerable.Range(0, classes).Select(_ => new double[d + 1])];

    private static double[][] Probabilities(Design x, double[][] weights, double[] intercepts)
    {
        var p = weights.Select(w => x.Combine(w)).ToArray();
        var highest = new double[x.Count];
        Array.Fill(highest, double.NegativeInfinity);
        for (var c = 0; c < p.Length; c++)
        {
            Add(p[c], intercepts[c], p[c]);
            Max(p[c], highest, highest);
        }
        var total = new double[x.Count];
        foreach (var column in p)
        {
            Subtract(column, highest, column);
            Max(column, LeastExponent, column);
            Exp<double>(column, column);
            Add(total, column, total);
        }
        foreach (var column in p)
            Divide(column, total, column);
        return p;
    }
}
