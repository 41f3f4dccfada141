namespace Assay.Attribution.Games;

/// <summary>An estimate of each player's value in one game, all summing to v(all) − v(nobody).</summary>
/// <param name="Values">One for each player.</param>
/// <param name="StandardErrors">The standard error of each value; NaN where there are too few samples for one, 0 where the value is exact.</param>
/// <param name="DegreesOfFreedom">Those of the standard errors, for Student's t; infinite where values are exact.</param>
internal sealed record ShapleyEstimate(double[] Values, double[] StandardErrors, double DegreesOfFreedom)
{
    /// <summary>Values that carry no error.</summary>
    public static ShapleyEstimate Exact(double[] values) =>
        new(values, new double[values.Length], double.PositiveInfinity);

    /// <summary>Values of which no error is known.</summary>
    public static ShapleyEstimate WithoutErrors(double[] values)
    {
        var errors = new double[values.Length];
        Array.Fill(errors, double.NaN);
        return new(values, errors, 0);
    }

    /// <summary>Whether every standard error is at most this share of the largest |value|.</summary>
    public bool IsWithin(double precision)
    {
        double largest = 0,
            worst = 0;
        for (var p = 0; p < Values.Length; p++)
        {
            largest = Math.Max(largest, Math.Abs(Values[p]));
            worst = Math.Max(worst, StandardErrors[p]);
        }
        return worst <= precision * largest;
    }
}
