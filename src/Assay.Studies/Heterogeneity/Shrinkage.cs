using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Assay.Studies;

/// <summary>
/// Importances of segments drawn towards their common mean by how much of their scatter is error, with joint errors. The
/// spread between segments is averaged over, not plugged in: uniform shrinkage prior (DuMouchel 1994; Daniels 1999), flat
/// mean, normal errors taken as known.
/// </summary>
internal static class Shrinkage
{
    private const int Grid = 64;

    /// <summary>Mean and standard deviation of each segment's true value given all estimates.</summary>
    public static (double Value, double Error)[] Of(double[] values, double[,] covariance)
    {
        var k = values.Length;
        var eigen = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric);
        double[] roots = [.. eigen.EigenValues.Real().Select(v => Math.Max(v, 0))];
        var vectors = eigen.EigenVectors;
        var turned = vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(values));
        var ones = vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(k, 1.0));
        var scale = Math.Sqrt(k / Enumerable.Range(0, k).Sum(i => 1 / covariance[i, i]));
        var at = new Conditional[Grid];
        for (var g = 0; g < Grid; g++)
        {
            var kept = (g + 0.5) / Grid;
            var tau = scale * (1 - kept) / kept;
            at[g] = Given(tau * tau, values, roots, vectors, turned, ones);
        }
        var most = at.Max(c => c.LogLikelihood);
        double[] weights = [.. at.Select(c => Math.Exp(c.LogLikelihood - most))];
        var total = weights.Sum();
        var result = new (double, double)[k];
        for (var s = 0; s < k; s++)
        {
            double mean = 0,
                square = 0;
            for (var g = 0; g < Grid; g++)
                mean += weights[g] / total * at[g].Means[s];
            for (var g = 0; g < Grid; g++)
            {
                var away = at[g].Means[s] - mean;
                square += weights[g] / total * (at[g].Variances[s] + away * away);
            }
            result[s] = (mean, Math.Sqrt(square));
        }
        return result;
    }

    private sealed record Conditional(double LogLikelihood, double[] Means, double[] Variances);

    // All in the basis in which the errors are independent; the spread τ² leaves that basis as it is.
    private static Conditional Given(
        double tauSquared,
        double[] values,
        double[] roots,
        Matrix<double> vectors,
        Vector<double> turned,
        Vector<double> ones
    )
    {
        var k = values.Length;
        var weight = new double[k];
        double information = 0,
            center = 0,
            log = 0;
        for (var i = 0; i < k; i++)
        {
            weight[i] = 1 / (roots[i] + tauSquared);
            information += weight[i] * ones[i] * ones[i];
            center += weight[i] * ones[i] * turned[i];
            log += Math.Log(weight[i]);
        }
        center /= information;
        log -= Math.Log(information);
        for (var i = 0; i < k; i++)
            log -= weight[i] * (turned[i] - center * ones[i]) * (turned[i] - center * ones[i]);
        var (means, variances) = (new double[k], new double[k]);
        for (var s = 0; s < k; s++)
        {
            double drawn = 0,
                own = 0,
                common = 0;
            for (var i = 0; i < k; i++)
            {
                var (u, lost) = (vectors[s, i], roots[i] * weight[i]);
                drawn += u * lost * (turned[i] - center * ones[i]);
                own += u * u * roots[i] * (1 - lost);
                common += u * lost * ones[i];
            }
            means[s] = values[s] - drawn;
            variances[s] = own + common * common / information;
        }
        return new(log / 2, means, variances);
    }
}
