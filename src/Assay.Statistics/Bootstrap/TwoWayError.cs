namespace Assay.Statistics;

/// <summary>
/// The error of an estimate whose rows share clusters of two kinds (users and items), from what each cluster adds to it to
/// first order: V = V₁ + V₂ − V₁₂, V₁₂ by the pairs of both (Cameron, Gelbach and Miller 2011), each with its G/(G − 1); where that is below the larger of V₁ and V₂ (it
/// may even be negative), the larger (MacKinnon, Nielsen and Webb 2024, "Jackknife inference with two-way clustering"). NaN with fewer than two clusters of either kind.
/// </summary>
/// <param name="First">V₁: the variance by clusters of the first kind alone.</param>
/// <param name="Second">V₂: that by the second kind alone.</param>
/// <param name="Both">V₁₂: that by pairs of both.</param>
/// <param name="FirstDegrees">Degrees of freedom of V₁ (<see cref="ClusterStandardError.DegreesOfFreedom"/>).</param>
/// <param name="SecondDegrees">Degrees of freedom of V₂.</param>
public readonly record struct TwoWayError(
    double First,
    double Second,
    double Both,
    double FirstDegrees,
    double SecondDegrees
)
{
    /// <summary>V₁ + V₂ − V₁₂; may be negative.</summary>
    public double Plain => First + Second - Both;

    /// <summary>The larger of <see cref="Plain"/> and the variances by one kind alone.</summary>
    public double Variance => Math.Max(Plain, Math.Max(First, Second));

    /// <summary>The root of <see cref="Variance"/>.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>
    /// Degrees of freedom of <see cref="Variance"/>, at least 1: V² / (V₁²/ν₁ + V₂²/ν₂) (Satterthwaite 1946), so those of the kind that makes the error.
    /// </summary>
    public double DegreesOfFreedom =>
        Variance > 0
            ? Math.Max(1, Variance * Variance / (First * First / FirstDegrees + Second * Second / SecondDegrees))
            : Math.Min(FirstDegrees, SecondDegrees);

    /// <summary>From influences.</summary>
    /// <param name="first">What each cluster of the first kind adds to the estimate: the sum over its rows; sums to 0.</param>
    /// <param name="second">The same by clusters of the second kind.</param>
    /// <param name="both">The same by pairs of both that have rows.</param>
    public static TwoWayError Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<double> both) =>
        new(
            Variances(first),
            Variances(second),
            Variances(both),
            ClusterStandardError.DegreesOfFreedom(first),
            ClusterStandardError.DegreesOfFreedom(second)
        );

    private static double Variances(ReadOnlySpan<double> influence) =>
        influence.Length < 2
            ? double.NaN
            : influence.Length
                / (influence.Length - 1.0)
                * System.Numerics.Tensors.TensorPrimitives.SumOfSquares(influence);
}
