namespace Assay.Attribution.Methods;

/// <summary>Gauss–Legendre quadrature (Abramowitz and Stegun 25.4.29).</summary>
internal static class GaussLegendre
{
    /// <summary>Nodes and weights of the n-point rule on [0, 1], ascending; the weights sum to 1.</summary>
    public static (double[] Nodes, double[] Weights) UnitInterval(int n)
    {
        var (nodes, weights) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            // Newton from the asymptotic root; it converges to the last bit in a few steps.
            var x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope;
            for (var step = 0; ; step++)
            {
                (var value, slope) = Legendre(n, x);
                var move = value / slope;
                x -= move;
                if (Math.Abs(move) < 1e-16 || step == 100)
                    break;
            }
            (nodes[n - 1 - i], weights[n - 1 - i]) = (0.5 * (1 + x), 1 / ((1 - x * x) * slope * slope));
        }
        return (nodes, weights);
    }

    private static (double Value, double Slope) Legendre(int n, double x)
    {
        var (previous, current) = (1.0, x);
        for (var k = 2; k <= n; k++)
            (previous, current) = (current, ((2 * k - 1) * x * current - (k - 1) * previous) / k);
        return (current, n * (x * current - previous) / (x * x - 1));
    }
}
