namespace Assay.Statistics;

/// <summary>A confidence interval; both ends NaN when there is none.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>No interval: too few clusters, or an estimator undefined in too many replicates.</summary>
    public static Interval None => new(double.NaN, double.NaN);

    /// <summary>Whether there is an interval.</summary>
    public bool IsDefined => !double.IsNaN(Low) && !double.IsNaN(High);

    /// <summary>Whether the value lies in it, ends included; false when there is none.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}

/// <summary>
/// Two-sided confidence intervals. Fewer than two clusters give none (the bootstrap then has nothing to vary); nor
/// does a bootstrap with more than a tenth of its replicates undefined (NaN); fewer NaN are left out. Source: Davison
/// and Hinkley, "Bootstrap Methods and their Application", 1997, §5.2–5.3.
/// </summary>
public static class Intervals
{
    private const double MostUndefined = 0.1;

    /// <summary>The quantiles of the replicates themselves.</summary>
    public static Interval Percentile(ReadOnlySpan<double> replicates, int clusters, double level = 0.95) =>
        Quantiles(replicates, clusters, level);

    /// <summary>The quantiles reflected at the estimate: [2θ − q₁₋ₐ, 2θ − qₐ].</summary>
    public static Interval Basic(double estimate, ReadOnlySpan<double> replicates, int clusters, double level = 0.95)
    {
        var (low, high) = Quantiles(replicates, clusters, level);
        return new Interval(2 * estimate - high, 2 * estimate - low);
    }

    /// <summary>
    /// Bootstrap-t: [θ − t₁₋ₐ se, θ − tₐ se] with t the quantiles of <see
    /// cref="ClusterBootstrap.Pivots(ReadOnlySpan{double}, ReadOnlySpan{double})"/>. The best of these for skewed
    /// data and few clusters.
    /// </summary>
    public static Interval Studentised(
        double estimate,
        double standardError,
        ReadOnlySpan<double> pivots,
        int clusters,
        double level = 0.95
    )
    {
        var (low, high) = Quantiles(pivots, clusters, level);
        return new Interval(estimate - high * standardError, estimate - low * standardError);
    }

    /// <summary>θ ± z se.</summary>
    public static Interval Normal(double estimate, double standardError, double level = 0.95)
    {
        Check.Level(level);
        return Around(estimate, standardError * NormalQuantile((1 + level) / 2));
    }

    /// <summary>
    /// θ ± t se with the given degrees of freedom (clusters − 1 for a cluster standard error); none below 1.
    /// </summary>
    public static Interval StudentT(double estimate, double standardError, double degreesOfFreedom, double level = 0.95)
    {
        Check.Level(level);
        if (!(degreesOfFreedom >= 1))
            return Interval.None;
        return Around(estimate, standardError * TQuantile((1 + level) / 2, degreesOfFreedom));
    }

    /// <summary>
    /// Student's t for a share, an AUC or another number in 0 .. 1, on the scale of its log-odds, so that the ends stay
    /// within: logit θ ± t se / (θ (1 − θ)). The value itself where the error is 0; none where a value of 0 or 1 has one.
    /// Source: Agresti, "Categorical Data Analysis", §3.1; for the AUC Pepe 2003, §5.2.
    /// </summary>
    public static Interval StudentTOfShare(
        double estimate,
        double standardError,
        double degreesOfFreedom,
        double level = 0.95
    )
    {
        if (standardError == 0)
            return new Interval(estimate, estimate);
        if (!(estimate is > 0 and < 1))
            return Interval.None;
        var odds = Math.Log(estimate / (1 - estimate));
        var (low, high) = StudentT(odds, standardError / (estimate * (1 - estimate)), degreesOfFreedom, level);
        return new Interval(1 / (1 + Math.Exp(-low)), 1 / (1 + Math.Exp(-high)));
    }

    /// <summary>
    /// The standard deviation of the defined replicates: the bootstrap standard error, by the rules of the intervals.
    /// </summary>
    public static double BootstrapStandardError(ReadOnlySpan<double> replicates, int clusters)
    {
        var defined = Defined(replicates, clusters);
        return default(WeightedMoments).Add(defined).StandardDeviation;
    }

    /// <summary>
    /// The quantile of ascending values, interpolated between order statistics (type 7 of Hyndman and Fan 1996, R's
    /// and NumPy's default).
    /// </summary>
    public static double Quantile(ReadOnlySpan<double> ascending, double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in 0 .. 1.");
        if (ascending.IsEmpty)
            return double.NaN;
        var position = probability * (ascending.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }

    internal static double NormalQuantile(double probability) =>
        MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);

    internal static double TQuantile(double probability, double degreesOfFreedom) =>
        double.IsPositiveInfinity(degreesOfFreedom)
            ? NormalQuantile(probability)
            : MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degreesOfFreedom, probability);

    private static Interval Around(double estimate, double half) => new(estimate - half, estimate + half);

    private static Interval Quantiles(ReadOnlySpan<double> replicates, int clusters, double level)
    {
        Check.Level(level);
        var defined = Defined(replicates, clusters);
        if (defined.Length == 0)
            return Interval.None;
        Array.Sort(defined);
        return new Interval(Quantile(defined, (1 - level) / 2), Quantile(defined, (1 + level) / 2));
    }

    /// <summary>The replicates that are numbers; none of them where there are too few, or too few clusters.</summary>
    internal static double[] Defined(ReadOnlySpan<double> replicates, int clusters)
    {
        if (clusters < 2)
            return [];
        var defined = new double[replicates.Length];
        var count = 0;
        foreach (var replicate in replicates)
        {
            if (!double.IsNaN(replicate))
                defined[count++] = replicate;
        }
        return replicates.Length - count > MostUndefined * replicates.Length ? [] : defined[..count];
    }
}
