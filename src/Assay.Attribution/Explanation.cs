namespace Assay.Attribution;

/// <summary>Attributions of some rows, and what they must add up to.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Attributions">Rows × features, row-major: each feature's share of the row's target.</param>
/// <param name="Target">The target of each row.</param>
/// <param name="BaselineTarget">The target at the baseline actually used, for each row.</param>
/// <param name="CompletenessGap">Σ attributions − (target − baseline target) for each row; null if the method claims no completeness.</param>
public sealed record Explanation(
    int Rows,
    double[] Attributions,
    double[] Target,
    double[] BaselineTarget,
    double[]? CompletenessGap
)
{
    /// <summary>Where rows are refined one by one: the nodes or intervals that each took.</summary>
    public int[]? Steps { get; init; }

    /// <summary>With <see cref="Steps"/>: the error estimated for each row, as a share of its largest |attribution|.</summary>
    public double[]? EstimatedError { get; init; }

    /// <summary>
    /// Of a sampled method: the standard error of each attribution, rows × features; NaN for rows with too few samples for
    /// one. Null for methods that do not sample.
    /// </summary>
    public double[]? StandardErrors { get; init; }

    /// <summary>
    /// Of a sampled method: for each row the degrees of freedom of its standard errors, so that value ± error × Student's t is
    /// an interval; infinite where values are exact, 0 where they have no error.
    /// </summary>
    public double[]? DegreesOfFreedom { get; init; }

    /// <summary>
    /// Of a method that fits a surrogate to each row: R² of the surrogate around the row, at most 1. Below
    /// <see cref="LeastFidelity"/> it does not say what the model does there. NaN where it cannot be known.
    /// </summary>
    public double[]? Fidelity { get; init; }

    /// <summary>The least <see cref="Fidelity"/> that is called faithful.</summary>
    public const double LeastFidelity = 0.8;

    /// <summary>Of a sampled method: the model evaluations spent on each row.</summary>
    public int[]? Evaluations { get; init; }

    /// <summary>An explanation whose gap is computed from its parts where the method claims completeness.</summary>
    internal static Explanation Of(double[] attributions, double[] target, double[] baselineTarget, bool complete)
    {
        var rows = target.Length;
        double[]? gap = null;
        if (complete)
        {
            gap = new double[rows];
            var features = attributions.Length / rows;
            for (var r = 0; r < rows; r++)
            {
                var sum = 0.0;
                for (var f = 0; f < features; f++)
                    sum += attributions[r * features + f];
                gap[r] = sum - (target[r] - baselineTarget[r]);
            }
        }
        return new Explanation(rows, attributions, target, baselineTarget, gap);
    }
}
