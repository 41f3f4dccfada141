using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Donors of units, and how well the conditional model behind them predicts units it was not fitted to.</summary>
/// <param name="Donors">For each unit another (or itself).</param>
/// <param name="Fit">Share of the variance (numbers) or of the entropy (ids) that the model explains; NaN where nothing varies.</param>
/// <param name="By">How it was drawn.</param>
internal sealed record Draw(int[] Donors, double Fit, string By);

/// <summary>Draws from a regression of the feature on the others.</summary>
internal static class FittedDraw
{
    private const int MostFitted = 8192;
    private const int Pools = 10;
    private const int LeastPool = 20;

    /// <summary>
    /// A number: its rank on the normal scale is predicted by a ridge, a residual of a unit with a like prediction is
    /// added, and the draws take the observed values in order: each unit's donor is the one with the rank of its draw.
    /// </summary>
    public static Draw Number(Covariates covariates, Regression regression, CounterRandom random)
    {
        var code = covariates.Codes.Columns[0];
        var predicted = regression.Predict(code);
        var n = code.Length;
        var (missed, all) = (0.0, 0.0);
        for (var u = 0; u < n; u++)
        {
            missed += (code[u] - predicted[u]) * (code[u] - predicted[u]);
            all += code[u] * code[u];
        }
        var order = Coding.Order(predicted);
        var pools = Math.Clamp(n / LeastPool, 1, Pools);
        var drawn = new double[n];
        for (var p = 0; p < pools; p++)
        {
            var pool = order.AsSpan((int)((long)n * p / pools)..(int)((long)n * (p + 1) / pools));
            var from = random.Permutation(pool.Length);
            for (var i = 0; i < pool.Length; i++)
                drawn[pool[i]] = predicted[pool[i]] + code[pool[from[i]]] - predicted[pool[from[i]]];
        }
        var donors = new int[n];
        var places = Coding.Order(drawn);
        var values = Coding.Order(covariates.Values[0]);
        for (var i = 0; i < n; i++)
            donors[places[i]] = values[i];
        return new(donors, 1 - missed / all, "model");
    }

    /// <summary>
    /// An id: probabilities of the frequent ids, and of all others together, by multinomial logistic regression fitted to
    /// the other half of the units; the donor is any unit with the drawn id. Null where the others are too many.
    /// </summary>
    public static Draw? Category(Covariates covariates, Regression regression, ulong seed, ulong stream)
    {
        var ids = covariates.Values[0];
        var frequent = Coding.Frequent([ids], null);
        var label = Array.ConvertAll(ids, id => Array.IndexOf(frequent, id) is >= 0 and var at ? at : frequent.Length);
        var classes = label.Max() + 1;
        var n = ids.Length;
        var members = Enumerable.Range(0, n).ToLookup(u => label[u]);
        if (members[frequent.Length].Count() > n / 5)
            return null;
        var units = Enumerable.Range(0, classes).Select(c => members[c].ToArray()).ToArray();
        var half = new int[n];
        for (var u = 0; u < n; u++)
            half[u] = CounterRandom.IntAt(seed, StableHash.Combine(stream, 2), (ulong)u, 2);
        var donors = new int[n];
        var (loss, entropy) = (0.0, 0.0);
        for (var h = 0; h < 2; h++)
        {
            var others = Enumerable.Range(0, n).Where(u => half[u] != h).ToArray();
            var picked = Sampling.Of(others.Length, MostFitted, seed, StableHash.Combine(stream, 3));
            int[] fitted = [.. picked.Select(i => others[i])];
            var own = Enumerable.Range(0, n).Where(u => half[u] == h).ToArray();
            if (fitted.Length == 0 || own.Length == 0)
                return null;
            var model = Softmax.FitBest(
                regression.Others.Rows(fitted),
                Array.ConvertAll(fitted, u => label[u]),
                classes
            );
            var probabilities = model.Probabilities(regression.Others.Rows(own));
            for (var i = 0; i < own.Length; i++)
            {
                var u = own[i];
                loss -= Math.Log(Math.Max(probabilities[label[u]][i], 1e-12));
                entropy -= Math.Log((double)units[label[u]].Length / n);
                var random = new CounterRandom(seed, StableHash.Combine(stream, (ulong)u + 16));
                var kind = Pick(probabilities, i, units, random.NextDouble());
                donors[u] = units[kind][random.NextInt(units[kind].Length)];
            }
        }
        return new(donors, entropy > 0 ? 1 - loss / entropy : double.NaN, "model");
    }

    private static int Pick(double[][] probabilities, int unit, int[][] members, double uniform)
    {
        var sum = 0.0;
        for (var c = 0; c < probabilities.Length; c++)
            if (members[c].Length > 0 && uniform < (sum += probabilities[c][unit]))
                return c;
        return Array.FindLastIndex(members, m => m.Length > 0);
    }
}
