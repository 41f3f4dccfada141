using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Chi = Assay.Statistics.Heterogeneity;

namespace Assay.Studies;

/// <summary>Whether a feature's importance is the same in all segments of a dimension.</summary>
/// <param name="Name">Which test: welch, wald or box.</param>
/// <param name="PValue">Of "the same in all segments".</param>
/// <param name="Q">Cochran's statistic; NaN where segments share clusters.</param>
/// <param name="ISquared">Of Q; NaN where segments share clusters.</param>
/// <param name="Tau">Standard deviation of the true importances between segments, by moments.</param>
internal sealed record SegmentTest(string Name, double PValue, double Q, double ISquared, double Tau)
{
    public const string Welch = "welch",
        Wald = "wald",
        Box = "box";

    // A covariance is inverted only where so many times more data than differences stand behind it.
    private const int PerDifference = 5;

    // The incomplete beta function loses digits beyond, and F hardly changes.
    private const double MostFreedom = 10_000;

    public static SegmentTest Of(Reliance reliance)
    {
        double[] values = [.. reliance.Cells.Select(c => c.Value)];
        int[] clusters = [.. reliance.Cells.Select(c => c.Rows.Draws)];
        return reliance.Errors()[0] == 0
            ? new(Welch, values.All(v => v == values[0]) ? 1 : 0, double.NaN, double.NaN, 0)
            : Of(
                values,
                reliance.Covariance(),
                clusters,
                reliance.Disjoint,
                reliance.Cells.Min(c => c.Replicates.Length)
            );
    }

    /// <param name="values">The importances.</param>
    /// <param name="covariance">Of their errors; variances above 0.</param>
    /// <param name="clusters">Clusters behind each.</param>
    /// <param name="disjoint">Whether they share none.</param>
    /// <param name="replicates">Replicates behind the covariance.</param>
    public static SegmentTest Of(double[] values, double[,] covariance, int[] clusters, bool disjoint, int replicates)
    {
        double[] errors = [.. values.Select((_, i) => Math.Sqrt(covariance[i, i]))];
        var freedom = Math.Min(clusters.Min(), replicates) - 1;
        if (disjoint)
        {
            var q = Chi.Of(values, errors)!;
            return new(Welch, OfWelch(q.Q, errors, clusters), q.Q, q.ISquared, Math.Sqrt(q.TauSquared));
        }
        var tau = Math.Sqrt(Spread(values, covariance));
        var differences = values.Length - 1;
        if (differences * PerDifference <= freedom && OfWald(values, covariance, freedom) is { } p)
            return new(Wald, p, double.NaN, double.NaN, tau);
        return new(Box, OfBox(values, covariance, freedom, replicates), double.NaN, double.NaN, tau);
    }

    /// <summary>P(F ≥ x).</summary>
    public static double UpperF(double x, double first, double second)
    {
        second = Math.Min(second, MostFreedom);
        return !(x > 0) ? 1
            : double.IsInfinity(x) ? 0
            : SpecialFunctions.BetaRegularized(second / 2, first / 2, second / (second + first * x));
    }

    /// <summary>Cochran's Q against F, allowing for errors that are themselves estimated. Source: Welch 1951.</summary>
    private static double OfWelch(double q, double[] errors, int[] clusters)
    {
        double k = errors.Length;
        double[] weights = [.. errors.Select(e => 1 / (e * e))];
        var total = weights.Sum();
        var lambda = weights.Select((w, i) => (1 - w / total) * (1 - w / total) / (clusters[i] - 1)).Sum();
        var scale = 1 + 2 * (k - 2) * lambda / (k * k - 1);
        return UpperF(q / (k - 1) / scale, k - 1, (k * k - 1) / (3 * lambda));
    }

    /// <summary>Differences to the first segment against their own covariance: Hotelling's T² (1931); null where singular.</summary>
    private static double? OfWald(double[] values, double[,] covariance, int freedom)
    {
        var d = values.Length - 1;
        var difference = Vector<double>.Build.Dense(d, i => values[i + 1] - values[0]);
        var matrix = Matrix<double>.Build.Dense(
            d,
            d,
            (i, j) => covariance[i + 1, j + 1] - covariance[i + 1, 0] - covariance[0, j + 1] + covariance[0, 0]
        );
        var eigen = matrix.Evd(Symmetricity.Symmetric);
        var roots = eigen.EigenValues.Real();
        if (!(roots.Min() > 1e-8 * roots.Max()))
            return null;
        var turned = eigen.EigenVectors.TransposeThisAndMultiply(difference);
        var squared = Enumerable.Range(0, d).Sum(i => turned[i] * turned[i] / roots[i]);
        return UpperF(squared * (freedom - d + 1) / ((double)freedom * d), d, freedom - d + 1);
    }

    /// <summary>
    /// Cochran's Q where its terms depend on each other: scaled to F by the mean and variance that it has under the joint
    /// covariance, which is never inverted. Source: Box 1954; Brunner, Dette and Munk 1997.
    /// </summary>
    private static double OfBox(double[] values, double[,] covariance, int freedom, int replicates)
    {
        var k = values.Length;
        var roots = Vector<double>.Build.Dense(k, i => 1 / Math.Sqrt(covariance[i, i]));
        var unit = roots / roots.L2Norm();
        var project = Matrix<double>.Build.DenseIdentity(k) - unit.OuterProduct(unit);
        var correlation = Matrix<double>.Build.Dense(k, k, (i, j) => covariance[i, j] * roots[i] * roots[j]);
        var scaled = Vector<double>.Build.Dense(k, i => values[i] * roots[i]);
        var q = scaled * (project * scaled);
        var inner = project * correlation * project;
        var mean = inner.Trace();
        if (!(mean > 1e-12 * k))
            return q > 0 ? 0 : 1;
        var square = (inner * inner).Trace();
        // The squares of a covariance from few replicates are too large; unbiased by Bai and Saranadasa 1996.
        double n = replicates - 1;
        var unbiased = n * n / ((n - 1) * (n + 2)) * (square - mean * mean / n);
        var first = Math.Clamp(mean * mean / Math.Max(unbiased, mean * mean / (k - 1)), 1, k - 1);
        return UpperF(q / mean, first, freedom);
    }

    /// <summary>The variance between the true values: that between the estimates less what their errors add to it.</summary>
    private static double Spread(double[] values, double[,] covariance)
    {
        var n = values.Length;
        var mean = values.Average();
        double between = 0,
            trace = 0,
            all = 0;
        for (var i = 0; i < n; i++)
        {
            between += (values[i] - mean) * (values[i] - mean);
            trace += covariance[i, i];
            for (var j = 0; j < n; j++)
                all += covariance[i, j];
        }
        return Math.Max(0, (between - (trace - all / n)) / (n - 1));
    }
}
