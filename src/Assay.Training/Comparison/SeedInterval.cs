using Assay.Statistics;

namespace Assay.Training;

/// <summary>
/// An interval for the mean of an estimate over fits of several seeds on the same test rows: the variance that the choice
/// of test clusters gives to that mean, and that of the seeds, which their spread shows. Student's t with the degrees of
/// freedom of Satterthwaite (1946).
/// </summary>
/// <param name="Interval">The two-sided interval.</param>
/// <param name="SeedError">Standard error of the mean from the choice of seeds.</param>
/// <param name="DegreesOfFreedom">Of the interval.</param>
public sealed record SeedInterval(Interval Interval, double SeedError, double DegreesOfFreedom)
{
    /// <summary>The interval of a mean.</summary>
    /// <param name="perSeed">The estimate of each seed, two or more.</param>
    /// <param name="samplingError">Standard error of their mean from the choice of test clusters.</param>
    /// <param name="clusters">How many test clusters.</param>
    /// <param name="level">Of the interval.</param>
    /// <exception cref="ArgumentException">There is one seed.</exception>
    public static SeedInterval Of(
        IReadOnlyList<double> perSeed,
        double samplingError,
        int clusters,
        double level = 0.95
    )
    {
        if (perSeed.Count < 2)
            throw new ArgumentException("One fit does not show how much fits differ.");
        var seeds = default(WeightedMoments).Add([.. perSeed]).StandardDeviation / Math.Sqrt(perSeed.Count);
        var mean = perSeed.Average();
        var freedom = Satterthwaite(samplingError, clusters - 1, seeds, perSeed.Count - 1);
        var error = Math.Sqrt(samplingError * samplingError + seeds * seeds);
        // Fits that do not differ at all leave nothing to be unsure of.
        var interval = error == 0 ? new Interval(mean, mean) : Intervals.StudentT(mean, error, freedom, level);
        return new SeedInterval(interval, seeds, freedom);
    }

    /// <summary>Degrees of freedom of the sum of two independent squared standard errors (Satterthwaite 1946).</summary>
    public static double Satterthwaite(double first, double firstFreedom, double second, double secondFreedom)
    {
        var (a, b) = (first * first, second * second);
        return a + b == 0
            ? firstFreedom + secondFreedom
            : (a + b) * (a + b) / (a * a / firstFreedom + b * b / secondFreedom);
    }
}
