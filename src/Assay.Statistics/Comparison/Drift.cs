namespace Assay.Statistics;

/// <summary>Distances between two distributions of a value: then and now, training and serving.</summary>
public static class Drift
{
    /// <summary>
    /// The least share a bin is given in the population stability index, so that an empty bin keeps it finite.
    /// </summary>
    public const double LeastShare = 1e-4;

    /// <summary>
    /// The population stability index Σ (a − e) log(a / e) over bins' shares, each at least <see cref="LeastShare"/>:
    /// the symmetrised Kullback–Leibler divergence, in nats. Custom calls below 0.1 stable and above 0.25 shifted;
    /// with identical distributions its expectation is about (bins − 1)(1/n + 1/m) (Yurdakul 2018).
    /// </summary>
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative or all are 0.</exception>
    public static double PopulationStabilityIndex(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var (p, q) = Shares(expected, actual);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var (e, a) = (Math.Max(p[i], LeastShare), Math.Max(q[i], LeastShare));
            sum += (a - e) * Math.Log(a / e);
        }
        return sum;
    }

    /// <summary>
    /// The Jensen–Shannon divergence of two histograms in bits, in [0, 1] (Lin 1991). Its root is a metric.
    /// </summary>
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative or all are 0.</exception>
    public static double JensenShannon(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var (p, q) = Shares(first, second);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var middle = (p[i] + q[i]) / 2;
            sum += Term(p[i], middle) + Term(q[i], middle);
        }
        return Math.Clamp(sum / 2, 0, 1);
    }

    /// <summary>
    /// The Kolmogorov–Smirnov distance of two samples: the largest difference of their distribution functions.
    /// </summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> first, ReadOnlySpan<double> second) =>
        ScoreDistribution.Of(first).KolmogorovSmirnov(ScoreDistribution.Of(second));

    private static double Term(double share, double middle) => share == 0 ? 0 : share * Math.Log2(share / middle);

    private static (double[] First, double[] Second) Shares(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        Check.Length(second.Length, first.Length);
        return (Normalise(first), Normalise(second));
    }

    private static double[] Normalise(ReadOnlySpan<double> counts)
    {
        Check.Weights(counts, counts.Length);
        var total = 0.0;
        foreach (var count in counts)
            total += count;
        if (!(total > 0))
            throw new ArgumentException("A histogram without counts has no shares.");
        var shares = counts.ToArray();
        for (var i = 0; i < shares.Length; i++)
            shares[i] /= total;
        return shares;
    }
}
