namespace Assay.Attribution.Games;

/// <summary>
/// The regression of Charnes et al. 1988 on pairs: φ minimises Σ w (y − Σ ±φᵢ/2)² among those that sum to v(all) −
/// v(nobody). Standard errors by the heteroscedastic sandwich (HC2, MacKinnon and White 1985) within strata, corrected
/// for what has been drawn of a finite population.
/// </summary>
internal static class PairedLeastSquares
{
    /// <summary>Fewer pairs beyond those that a fit uses up have no standard error.</summary>
    public const int FewestFree = 8;

    public static ShapleyEstimate Fit(PairSample sample, IPairDesign design)
    {
        var (n, m) = (sample.Players, sample.Known);
        var rows = new double[m * n];
        var weights = new double[m];
        var residuals = new double[m];
        for (var k = 0; k < m; k++)
        {
            var row = rows.AsSpan(k * n, n);
            sample.Signs(k, row);
            var mean = 0.0;
            foreach (var sign in row)
                mean += sign / n;
            // What the sum of φ settles is taken off; the rest varies among those that sum to 0.
            for (var p = 0; p < n; p++)
                row[p] = 0.5 * (row[p] - mean);
            residuals[k] = sample.Odd(k) - 0.5 * mean * sample.Total;
            weights[k] = design.Weight(sample, k);
        }
        var system = new SymmetricSystem(n);
        for (var k = 0; k < m; k++)
            system.Add(rows.AsSpan(k * n, n), weights[k], residuals[k]);
        system.Solve();
        var values = system.Solution;
        for (var k = 0; k < m; k++)
        for (var p = 0; p < n; p++)
            residuals[k] -= rows[k * n + p] * values[p];
        for (var p = 0; p < n; p++)
            values[p] += sample.Total / n;
        var free = m - (n - 1);
        if (free < FewestFree)
            return ShapleyEstimate.WithoutErrors(values);
        var variance = new StratifiedVariance(n, design.Strata);
        var influence = new double[n];
        for (var k = 0; k < m; k++)
        {
            var row = rows.AsSpan(k * n, n);
            system.Apply(row, influence);
            var leverage = 0.0;
            for (var p = 0; p < n; p++)
                leverage += weights[k] * row[p] * influence[p];
            var scale = weights[k] * residuals[k] / Math.Sqrt(Math.Max(1e-6, 1 - leverage));
            for (var p = 0; p < n; p++)
                influence[p] *= scale;
            variance.Add(sample.Stratum(k), influence, sample.Draws(k), design.Unseen(sample, k));
        }
        return new(values, variance.StandardErrors(), free);
    }
}
