using MathNet.Numerics;

namespace Assay.Statistics;

/// <summary>Whether independent estimates of one quantity differ by more than their errors.</summary>
/// <param name="Q">Cochran's statistic, Σ (θᵢ − θ̄)² / seᵢ² around the inverse-variance mean; χ² under no difference.</param>
/// <param name="DegreesOfFreedom">Number of estimates − 1.</param>
/// <param name="PValue">P(χ² ≥ Q).</param>
/// <param name="ISquared">max(0, (Q − df) / Q): the share of the scatter that errors do not explain.</param>
/// <param name="TauSquared">The variance of the true values, by moments: max(0, (Q − df) / (Σw − Σw²/Σw)), w = 1/se².</param>
/// <param name="Mean">The mean of the true values, weights 1/(se² + τ²).</param>
/// <param name="StandardError">Of <paramref name="Mean"/>.</param>
public sealed record Heterogeneity(
    double Q,
    int DegreesOfFreedom,
    double PValue,
    double ISquared,
    double TauSquared,
    double Mean,
    double StandardError
)
{
    /// <summary>
    /// Of estimates that share no data (segments without common clusters; else use a joint bootstrap). Estimates or errors
    /// that are NaN are left out; null with fewer than two. Sources: Cochran 1954; Higgins and Thompson 2002; DerSimonian
    /// and Laird 1986.
    /// </summary>
    /// <param name="estimates">The estimates.</param>
    /// <param name="standardErrors">Their standard errors, above 0.</param>
    public static Heterogeneity? Of(ReadOnlySpan<double> estimates, ReadOnlySpan<double> standardErrors)
    {
        Check.Length(standardErrors.Length, estimates.Length);
        var used = Defined(estimates, standardErrors);
        if (used.Count < 2)
            return null;
        var (mean, total) = WeightedMean(used, 0);
        double q = 0,
            squares = 0;
        foreach (var (estimate, variance) in used)
        {
            q += (estimate - mean) * (estimate - mean) / variance;
            squares += 1 / (variance * variance);
        }
        var df = used.Count - 1;
        var tauSquared = Math.Max(0, (q - df) / (total - squares / total));
        var (center, weight) = WeightedMean(used, tauSquared);
        return new(
            q,
            df,
            // The upper tail itself: 1 − CDF would be 0 from 1e−16 on.
            q > 0
                ? SpecialFunctions.GammaUpperRegularized(df / 2.0, q / 2)
                : 1,
            q > 0 ? Math.Max(0, (q - df) / q) : 0,
            tauSquared,
            center,
            1 / Math.Sqrt(weight)
        );
    }

    /// <summary>
    /// The estimate drawn towards the mean of all by how much of its scatter is error: θ̄ + τ²/(τ² + se²) · (θ − θ̄), with
    /// the standard error √(τ²se²/(τ² + se²)) of the true value given the mean. Source: Efron and Morris 1975.
    /// </summary>
    public (double Estimate, double StandardError) Shrink(double estimate, double standardError)
    {
        var variance = standardError * standardError;
        var kept = TauSquared + variance == 0 ? 1 : TauSquared / (TauSquared + variance);
        return (Mean + kept * (estimate - Mean), Math.Sqrt(kept * variance));
    }

    private static List<(double Estimate, double Variance)> Defined(
        ReadOnlySpan<double> estimates,
        ReadOnlySpan<double> standardErrors
    )
    {
        var used = new List<(double, double)>(estimates.Length);
        for (var i = 0; i < estimates.Length; i++)
        {
            if (double.IsNaN(estimates[i]) || double.IsNaN(standardErrors[i]))
                continue;
            if (!(standardErrors[i] > 0))
                throw new ArgumentException($"standard error {i} is {standardErrors[i]}; it must be above 0.");
            used.Add((estimates[i], standardErrors[i] * standardErrors[i]));
        }
        return used;
    }

    private static (double Mean, double Weight) WeightedMean(
        List<(double Estimate, double Variance)> used,
        double tauSquared
    )
    {
        double sum = 0,
            total = 0;
        foreach (var (estimate, variance) in used)
        {
            sum += estimate / (variance + tauSquared);
            total += 1 / (variance + tauSquared);
        }
        return (sum / total, total);
    }
}
