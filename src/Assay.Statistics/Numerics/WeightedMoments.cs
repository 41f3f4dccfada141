namespace Assay.Statistics;

/// <summary>
/// Weighted count, mean and variance in one pass, mergeable: parts merged in a fixed order give the same bytes
/// whoever computed them. Start from <c>default</c>. Sources: West 1979 (adding), Chan, Golub and LeVeque 1983
/// (merging), Pébay 2008.
/// </summary>
/// <param name="Count">Values added, also those of weight 0.</param>
/// <param name="Weight">Σ w.</param>
/// <param name="SquaredWeight">Σ w².</param>
/// <param name="RunningMean">Σ w x / Σ w; 0 while the weight is 0.</param>
/// <param name="SumOfSquares">Σ w (x − mean)².</param>
public readonly record struct WeightedMoments(
    long Count,
    double Weight,
    double SquaredWeight,
    double RunningMean,
    double SumOfSquares
)
{
    /// <summary>The weighted mean; NaN without weight.</summary>
    public double Mean => Weight > 0 ? RunningMean : double.NaN;

    /// <summary>Σ w (x − mean)² / Σ w; NaN without weight.</summary>
    public double PopulationVariance => Weight > 0 ? SumOfSquares / Weight : double.NaN;

    /// <summary>
    /// The variance with the correction for reliability weights, Σ w (x − mean)² / (Σw − Σw²/Σw); with unit weights
    /// the usual n − 1. NaN for fewer than two effective values.
    /// </summary>
    public double Variance
    {
        get
        {
            var divisor = Weight - SquaredWeight / Weight;
            return divisor > 1e-12 * Weight ? SumOfSquares / divisor : double.NaN;
        }
    }

    /// <summary>The square root of <see cref="Variance"/>.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>Kish's effective number of values, (Σw)² / Σw².</summary>
    public double EffectiveCount => Weight > 0 ? Weight * Weight / SquaredWeight : 0;

    /// <summary>
    /// The standard error of the mean of independent values. Rows of one cluster are not: see <see
    /// cref="ClusterStandardError"/>.
    /// </summary>
    public double StandardError => Math.Sqrt(Variance / EffectiveCount);

    /// <summary>These moments and one value more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public WeightedMoments Add(double value, double weight = 1)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is finite and at least 0.");
        if (weight == 0)
            return this with { Count = Count + 1 };
        var total = Weight + weight;
        var delta = value - RunningMean;
        var mean = RunningMean + delta * (weight / total);
        return new WeightedMoments(
            Count + 1,
            total,
            SquaredWeight + weight * weight,
            mean,
            SumOfSquares + weight * delta * (value - mean)
        );
    }

    /// <summary>These moments and all values, in order; no weights means 1 each.</summary>
    public WeightedMoments Add(ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        if (!weights.IsEmpty)
            Check.Length(weights.Length, values.Length);
        var moments = this;
        for (var i = 0; i < values.Length; i++)
            moments = moments.Add(values[i], weights.IsEmpty ? 1 : weights[i]);
        return moments;
    }

    /// <summary>The moments of both parts together.</summary>
    public WeightedMoments Merge(WeightedMoments other)
    {
        if (other.Weight == 0)
            return this with { Count = Count + other.Count };
        if (Weight == 0)
            return other with { Count = Count + other.Count };
        var total = Weight + other.Weight;
        var delta = other.RunningMean - RunningMean;
        return new WeightedMoments(
            Count + other.Count,
            total,
            SquaredWeight + other.SquaredWeight,
            RunningMean + delta * (other.Weight / total),
            SumOfSquares + other.SumOfSquares + delta * delta * (Weight * other.Weight / total)
        );
    }
}
