namespace Assay.Studies;

/// <summary>
/// Sizes of experiments dealt by unit. The variance of a rate over units of unequal size is that of the ratio of sums,
/// linearised (Deng, Knoblich, Lu 2018, arXiv 1803.06336, section 3.1); two arms that differ by δ are told apart
/// with 80 % power at level 5 % by n = 2 (z.975 + z.80)² S² / δ² units each (Donner, Klar 2000, section 5.2, with S² for
/// σ² (1 + (m − 1) ρ) / m).
/// </summary>
internal static class SampleSizes
{
    public const string Formula =
        "units per arm = 2 (z0.975 + z0.80)^2 S^2 / effect^2, S^2 = variance over units of (positives - rate * rows) / (rows per unit)";

    public const string Source =
        "Donner & Klar 2000, Design and Analysis of Cluster Randomization Trials, section 5.2; variance of a rate: Deng, Knoblich & Lu 2018, arXiv 1803.06336";

    /// <summary>z.975 + z.80: standard normal quantiles.</summary>
    public const double Z = 1.959963984540054 + 0.8416212335729143;

    /// <summary>Units per arm for an effect, given the standard deviation between units; null where either is useless.</summary>
    public static long? PerArm(double deviation, double effect) =>
        deviation > 0 && Math.Abs(effect) > 0 ? Rounded(2 * Z * Z * deviation * deviation / (effect * effect)) : null;

    /// <summary>
    /// Units for a paired difference whose standard error over <paramref name="units"/> is known: it shrinks with the
    /// square root of their number.
    /// </summary>
    public static long? Paired(int units, double standardError, double effect) =>
        standardError > 0 && Math.Abs(effect) > 0 ? Rounded(units * Math.Pow(Z * standardError / effect, 2)) : null;

    /// <summary>The size for a relative lift; null where units are too few or alike.</summary>
    public static SampleSize? For(Traffic traffic, double lift)
    {
        var effect = lift * traffic.Rate;
        if (PerArm(traffic.Deviation, effect) is not { } units)
            return null;
        return new SampleSize
        {
            UnitsPerArm = units,
            RowsPerArm = Rounded(units * traffic.RowsPerUnit),
            SmallestEffect = effect,
            SmallestLift = lift,
            Rate = traffic.Rate,
            StandardDeviation = traffic.Deviation,
            DesignEffect =
                traffic.Deviation * traffic.Deviation * traffic.RowsPerUnit / (traffic.Rate * (1 - traffic.Rate)),
        };
    }

    private static long Rounded(double size) => size < long.MaxValue / 2 ? (long)Math.Ceiling(size) : long.MaxValue / 2;
}

/// <summary>What logged rows say of the rate that an experiment would compare.</summary>
/// <param name="Units">Independent units.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Rate">Share of positives.</param>
/// <param name="Deviation">Standard deviation between units of the linearised rate.</param>
internal sealed record Traffic(int Units, int Rows, double Rate, double Deviation)
{
    public double RowsPerUnit => (double)Rows / Units;

    /// <summary>From the labels of rows and the place of each row's unit.</summary>
    public static Traffic Of(ReadOnlySpan<double> labels, ReadOnlySpan<int> unit, int units)
    {
        var (positives, rows) = (new double[units], new double[units]);
        for (var i = 0; i < labels.Length; i++)
        {
            positives[unit[i]] += labels[i];
            rows[unit[i]]++;
        }
        var rate = positives.Sum() / labels.Length;
        var perUnit = (double)labels.Length / units;
        var squares = 0.0;
        for (var u = 0; u < units; u++)
            squares += Math.Pow((positives[u] - rate * rows[u]) / perUnit, 2);
        return new(units, labels.Length, rate, units > 1 ? Math.Sqrt(squares / (units - 1)) : double.NaN);
    }
}
