using MathNet.Numerics;

namespace Assay.Statistics;

/// <summary>Two-sided p-values.</summary>
public static class PValues
{
    /// <summary>P(|Z| ≥ |z|) of a standard normal, exact far into the tail; NaN stays NaN.</summary>
    public static double FromZ(double z) =>
        double.IsNaN(z) ? double.NaN : SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>P(|T| ≥ |t|) of Student's t; NaN below one degree of freedom.</summary>
    public static double FromT(double t, double degreesOfFreedom)
    {
        if (double.IsNaN(t) || !(degreesOfFreedom >= 1))
            return double.NaN;
        if (double.IsPositiveInfinity(degreesOfFreedom))
            return FromZ(t);
        // Both tails at once, as an incomplete beta: 1 − CDF would lose the small ones.
        return double.IsInfinity(t)
            ? 0
            : SpecialFunctions.BetaRegularized(
                degreesOfFreedom / 2,
                0.5,
                degreesOfFreedom / (degreesOfFreedom + t * t)
            );
    }

    /// <summary>
    /// Of a bootstrap, against 0: twice the smaller share of replicates on a side of 0 (those at 0 count for both),
    /// each share (1 + count) / (R + 1), at most 1. It is never below 2 / (R + 1). By the rules of <see
    /// cref="Intervals"/> NaN with fewer than two clusters or too many undefined replicates. Source: Davison and
    /// Hinkley 1997, §4.4.
    /// </summary>
    public static double FromReplicates(ReadOnlySpan<double> replicates, int clusters)
    {
        var defined = Intervals.Defined(replicates, clusters);
        if (defined.Length == 0)
            return double.NaN;
        int atMost = 0,
            atLeast = 0;
        foreach (var replicate in defined)
        {
            atMost += replicate <= 0 ? 1 : 0;
            atLeast += replicate >= 0 ? 1 : 0;
        }
        return Math.Min(1, 2 * (1.0 + Math.Min(atMost, atLeast)) / (defined.Length + 1));
    }
}
