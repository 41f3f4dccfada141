using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies;

/// <summary>A mean over fits of several seeds: the interval covers the choice of clusters and of seeds.</summary>
/// <param name="Value">The mean.</param>
/// <param name="SamplingError">Its standard error from the choice of clusters.</param>
/// <param name="SeedError">Its standard error from the choice of seeds.</param>
/// <param name="Freedom">Degrees of freedom of the interval (Satterthwaite).</param>
/// <param name="Interval">95 %, Student's t.</param>
/// <param name="PerSeed">The value of each seed.</param>
internal sealed record OverSeeds(
    double Value,
    double SamplingError,
    double SeedError,
    double Freedom,
    Interval Interval,
    IReadOnlyList<double> PerSeed
)
{
    public double StandardError => Math.Sqrt(SamplingError * SamplingError + SeedError * SeedError);

    /// <summary>Two-sided, against 0.</summary>
    public double PValue => StandardError == 0 ? (Value == 0 ? 1 : 0) : PValues.FromT(Value / StandardError, Freedom);

    /// <summary>From the value of each seed and the bootstrap's standard error of their mean.</summary>
    public static OverSeeds Of(IReadOnlyList<double> perSeed, double samplingError, int clusters)
    {
        var interval = SeedInterval.Of(perSeed, samplingError, clusters);
        return new(
            perSeed.Average(),
            samplingError,
            interval.SeedError,
            interval.DegreesOfFreedom,
            interval.Interval,
            perSeed
        );
    }

    public static OverSeeds Of(LossIncrease increase) =>
        new(
            increase.Estimate,
            increase.SamplingError,
            increase.SeedError,
            increase.DegreesOfFreedom,
            increase.Interval,
            increase.PerSeed
        );

    /// <summary>The row of estimates it makes; <paramref name="row"/> says of what.</summary>
    public Estimate In(Estimate row, bool tested = true) =>
        row with
        {
            Value = Value,
            StandardError = StandardError,
            Low = Interval.Low,
            High = Interval.High,
            Interval = RefitEstimands.StudentT,
            PValue = tested ? PValue : double.NaN,
        };
}
