namespace Assay.Statistics;

public sealed partial class ClusterBootstrap
{
    /// <summary>
    /// Replicates of (θ* − θ) / se*, for <see cref="Intervals.Studentised"/>: θ a ratio over all clusters, se* the
    /// linearised cluster standard error (see <see cref="ClusterStandardError"/>) under the replicate's own weights.
    /// NaN where a replicate has no spread. Source: Davison and Hinkley, "Bootstrap Methods and their Application",
    /// §5.2.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one number for each cluster.</exception>
    public double[] Pivots(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        Check.Length(numerators.Length, Clusters);
        Check.Length(denominators.Length, Clusters);
        return PivotsOf(default, numerators, denominators);
    }

    /// <summary>As the dense form, for a ratio in which only some clusters take part.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or the indices do not ascend within
    /// range.</exception>
    public double[] Pivots(
        ReadOnlySpan<int> clusters,
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators
    )
    {
        Check.Length(numerators.Length, clusters.Length);
        Check.Length(denominators.Length, clusters.Length);
        CheckAscending(clusters);
        return clusters.IsEmpty ? Undefined() : PivotsOf(clusters, numerators, denominators);
    }

    private double[] PivotsOf(
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators
    )
    {
        var n = numerators.Length;
        var taking = ClusterStandardError.TakingPart(numerators, denominators);
        if (taking < 2)
            return Undefined();
        var estimate = ClusterStandardError.Ratio(numerators, denominators);
        var columns = new double[5 * n].AsSpan();
        for (var c = 0; c < n; c++)
        {
            // Residuals of the whole sample: what is squared below is small, so nothing cancels.
            var residual = numerators[c] - estimate * denominators[c];
            columns[c] = residual;
            columns[n + c] = denominators[c];
            columns[2 * n + c] = residual * residual;
            columns[3 * n + c] = residual * denominators[c];
            columns[4 * n + c] = denominators[c] * denominators[c];
        }
        var sums = new double[5 * Replicates].AsSpan();
        Sums(chosen, n, columns, sums);
        var factor = taking / (taking - 1.0);
        var pivots = new double[Replicates];
        for (var r = 0; r < pivots.Length; r++)
        {
            var denominator = sums[Replicates + r];
            var shift = sums[r] / denominator;
            var squares =
                sums[2 * Replicates + r]
                - 2 * shift * sums[3 * Replicates + r]
                + shift * shift * sums[4 * Replicates + r];
            var error = Math.Sqrt(factor * squares) / Math.Abs(denominator);
            // A replicate of one repeated cluster has a spread of rounding errors only: the root of about 1e−16.
            var floor = 1e-7 * Math.Sqrt(sums[2 * Replicates + r]) / Math.Abs(denominator);
            pivots[r] = error > floor ? shift / error : double.NaN;
        }
        return pivots;
    }
}
