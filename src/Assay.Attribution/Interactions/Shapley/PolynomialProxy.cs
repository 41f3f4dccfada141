using System.Numerics.Tensors;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Polynomials of low order fitted to some coalitions by ridge regression: their interactions are known, so that only what
/// they leave over needs to be sampled. One factorisation serves all games.
/// </summary>
internal sealed class PolynomialProxy
{
    private const double Ridge = 1e-6;
    private const int MostTerms = 1024;

    private readonly int[][] terms;
    private readonly double[][] design;
    private readonly double[][] factor;

    /// <summary>A basis of the highest order that some coalitions determine well.</summary>
    /// <param name="order">The highest order wanted.</param>
    /// <param name="players">Number of players.</param>
    /// <param name="isIn">Whether a player is in the i-th coalition.</param>
    /// <param name="count">Number of coalitions fitted to.</param>
    public PolynomialProxy(int order, int players, Func<int, int, bool> isIn, int count)
    {
        while (order > 0 && Terms(order, players) is var n && (n > MostTerms || 2 * n > count))
            order--;
        terms =
        [
            [],
            .. Enumerable
                .Range(1, order)
                .SelectMany(size => PlayerSets.OfSize(size, players))
                .Select(set => set.ToArray()),
        ];
        // One row per term: products of ±1, of which the columns are nearly orthogonal.
        design = [.. terms.Select(t => Column(t, isIn, count))];
        factor = Cholesky();
    }

    /// <summary>The sets of the Möbius coefficients that <see cref="Fit"/> returns.</summary>
    public IReadOnlyList<int[]> Sets => terms;

    /// <summary>Möbius coefficients of the polynomial fitted to a game's values at the coalitions.</summary>
    public double[] Fit(double[] values)
    {
        var right = Array.ConvertAll(design, column => TensorPrimitives.Dot(column, values));
        for (var i = 0; i < right.Length; i++)
            right[i] = (right[i] - TensorPrimitives.Dot(factor[i].AsSpan(0, i), right.AsSpan(0, i))) / factor[i][i];
        for (var i = right.Length - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < right.Length; j++)
                right[i] -= factor[j][i] * right[j];
            right[i] /= factor[i][i];
        }
        return Uncentred(right);
    }

    private static double Terms(int order, int players)
    {
        var (sum, binomial) = (1.0, 1.0);
        for (var size = 1; size <= order; size++)
            sum += binomial *= (players - size + 1.0) / size;
        return sum;
    }

    private static double[] Column(int[] term, Func<int, int, bool> isIn, int count)
    {
        var column = new double[count];
        for (var i = 0; i < count; i++)
        {
            var product = 1.0;
            foreach (var p in term)
                product *= isIn(i, p) ? 1 : -1;
            column[i] = product;
        }
        return column;
    }

    private double[][] Cholesky()
    {
        var lower = new double[design.Length][];
        for (var i = 0; i < design.Length; i++)
        {
            lower[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var sum =
                    TensorPrimitives.Dot(design[i], design[j])
                    - TensorPrimitives.Dot(lower[i].AsSpan(0, j), lower[j].AsSpan(0, j));
                if (i == j)
                    lower[i][i] = Math.Sqrt(Math.Max(sum, 0) + Ridge * design[i].Length);
                else
                    lower[i][j] = sum / lower[j][j];
            }
        }
        return lower;
    }

    // With signs 2x − 1: Π (2xᵢ − 1) = Σ over subsets W of 2^|W| (−1)^(rest) x_W.
    private double[] Uncentred(double[] coefficients)
    {
        var at = new Dictionary<string, int>();
        for (var i = 0; i < terms.Length; i++)
            at[string.Join(",", terms[i])] = i;
        var result = new double[coefficients.Length];
        for (var i = 0; i < terms.Length; i++)
        for (var mask = 0; mask < 1 << terms[i].Length; mask++)
        {
            var subset = terms[i].Where((_, k) => (mask >> k & 1) != 0).ToArray();
            var sign = (terms[i].Length - subset.Length) % 2 == 0 ? 1 : -1;
            result[at[string.Join(",", subset)]] += sign * (1 << subset.Length) * coefficients[i];
        }
        return result;
    }
}
