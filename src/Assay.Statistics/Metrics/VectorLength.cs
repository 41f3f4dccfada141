using MathNet.Numerics;

namespace Assay.Statistics;

/// <summary>
/// How long a vector is of which a noisy copy x = μ + noise is seen, the noise normal with a known covariance Σ. |x| is too
/// long: E|x|² = |μ|² + tr Σ. The estimate is √max(0, |x|² − tr Σ); its interval inverts the distribution of |x|², whose mean
/// is |μ|² + tr Σ and whose variance 2 tr Σ² + 4 μ'Σμ, taken for a multiple of χ² with these two moments (Patnaik 1949;
/// μ'Σμ/|μ|² from x). An interval may begin at 0, and be 0 alone where x is shorter than noise would make it.
/// </summary>
/// <param name="Value">The length, the noise's part taken off.</param>
/// <param name="StandardError">To first order, that of a length of one standard deviation of the noise where it is shorter.</param>
/// <param name="Interval">Two-sided.</param>
public readonly record struct VectorLength(double Value, double StandardError, Interval Interval)
{
    private const int Halvings = 60;

    /// <summary>The length of the mean of a vector.</summary>
    /// <param name="observed">The noisy vector.</param>
    /// <param name="covariance">Its covariance, square.</param>
    /// <param name="level">The level of the interval.</param>
    /// <exception cref="ArgumentException">The covariance is not that of such a vector.</exception>
    public static VectorLength Of(ReadOnlySpan<double> observed, double[,] covariance, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        Check.Level(level);
        var n = observed.Length;
        if (covariance.GetLength(0) != n || covariance.GetLength(1) != n)
            throw new ArgumentException($"The covariance of {n} numbers is {n} × {n}.");
        double square = 0,
            trace = 0,
            traceOfSquare = 0,
            along = 0;
        for (var i = 0; i < n; i++)
        {
            square += observed[i] * observed[i];
            trace += covariance[i, i];
            for (var j = 0; j < n; j++)
            {
                traceOfSquare += covariance[i, j] * covariance[i, j];
                along += observed[i] * covariance[i, j] * observed[j];
            }
        }
        if (!(trace > 0) || square == 0)
        {
            var exact = double.IsNaN(trace) ? double.NaN : Math.Sqrt(square);
            return new(exact, trace == 0 ? 0 : double.NaN, new Interval(exact, exact));
        }
        var noise = 2 * traceOfSquare;
        var value = Math.Max(0, square - trace);
        var error = Math.Sqrt((noise + 4 * along) / Math.Max(value, Math.Sqrt(noise))) / 2;
        var tail = (1 - level) / 2;
        // The share of vectors of this true square length that are seen as short as x; it falls with the length.
        double Below(double length)
        {
            var (mean, variance) = (trace + length, noise + 4 * length * along / square);
            return SpecialFunctions.GammaLowerRegularized(mean * mean / variance, square * mean / variance);
        }
        return new(
            Math.Sqrt(value),
            error,
            new Interval(Math.Sqrt(Solve(Below, 1 - tail, square)), Math.Sqrt(Solve(Below, tail, square)))
        );
    }

    // Where a falling function passes a level; 0 where it is below from the start.
    private static double Solve(Func<double, double> below, double level, double scale)
    {
        if (below(0) <= level)
            return 0;
        var (low, high) = (0.0, scale);
        while (below(high) > level)
            (low, high) = (high, 2 * high);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (below(middle) > level)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }
}
