namespace Assay.Attribution.Interactions;

/// <summary>
/// Gauss quadrature of ∫₀¹ −ln t · g(t) dt, exact for polynomials of degree 2n − 1: by Gautschi's modified Chebyshev algorithm
/// from the moments against shifted Legendre polynomials (Gautschi 2004, "Orthogonal Polynomials", §2.1.7), and Golub and Welsch.
/// </summary>
internal static class LogWeightRule
{
    /// <summary>The most nodes; moments of more leave the range of doubles.</summary>
    public const int MostNodes = 200;

    /// <summary>Nodes, ascending, and weights, which sum to 1.</summary>
    public static (double[] Nodes, double[] Weights) Of(int n)
    {
        var (diagonal, squares) = Recurrence(n);
        var off = new double[n];
        for (var k = 1; k < n; k++)
            off[k - 1] = Math.Sqrt(squares[k]);
        var first = new double[n];
        first[0] = 1;
        Eigen(diagonal, off, first);
        var order = Enumerable.Range(0, n).OrderBy(i => diagonal[i]).ToArray();
        return ([.. order.Select(i => diagonal[i])], [.. order.Select(i => first[i] * first[i])]);
    }

    // The three-term recurrence of the monic polynomials orthogonal under −ln t.
    private static (double[] A, double[] B) Recurrence(int n)
    {
        static double Legendre(int k) => k == 0 ? 0 : k * k / (4.0 * (4.0 * k * k - 1));
        var (a, b) = (new double[n], new double[n]);
        var (before, current) = (new double[2 * n], Moments(2 * n));
        (a[0], b[0]) = (0.5 + current[1] / current[0], current[0]);
        for (var k = 1; k < n; k++)
        {
            var next = new double[2 * n];
            for (var l = k; l < 2 * n - k; l++)
                next[l] =
                    current[l + 1]
                    - (a[k - 1] - 0.5) * current[l]
                    - b[k - 1] * before[l]
                    + Legendre(l) * current[l - 1];
            a[k] = 0.5 + next[k + 1] / next[k] - current[k] / current[k - 1];
            b[k] = next[k] / current[k - 1];
            (before, current) = (current, next);
        }
        return (a, b);
    }

    // ∫ −ln t · P*ₖ dt = (−1)ᵏ / (k (k + 1)), for k = 0 it is 1; here of monic polynomials.
    private static double[] Moments(int count)
    {
        var moments = new double[count];
        var leading = 1.0;
        moments[0] = 1;
        for (var k = 1; k < count; k++)
        {
            leading *= (double)k / (2.0 * (2 * k - 1));
            moments[k] = (k % 2 == 0 ? 1 : -1) * leading / (k * (k + 1.0));
        }
        return moments;
    }

    // Eigenvalues of a symmetric tridiagonal matrix, into its diagonal, and the first components of the eigenvectors:
    // implicit QL (Press et al. 2007, §11.4).
    private static void Eigen(double[] d, double[] e, double[] first)
    {
        for (var l = 0; l < d.Length; l++)
        for (var sweep = 0; ; sweep++)
        {
            var m = l;
            while (m < d.Length - 1 && Math.Abs(e[m]) > 1e-17 * (Math.Abs(d[m]) + Math.Abs(d[m + 1])))
                m++;
            if (m == l || sweep == 60)
                break;
            Step(d, e, first, l, m);
        }
    }

    private static void Step(double[] d, double[] e, double[] first, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + Math.CopySign(Math.Sqrt(g * g + 1), g));
        var (s, c, p) = (1.0, 1.0, 0.0);
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var r = Math.Sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            (first[i + 1], first[i]) = (s * first[i] + c * first[i + 1], c * first[i] - s * first[i + 1]);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }
}
