namespace Assay.Attribution.Interactions;

/// <summary>Interactions of some rows.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Sets">The sets of players, singletons included where the method gives them values: ascending numbers of players, by size, then in order.</param>
/// <param name="Values">Rows × sets, row-major.</param>
/// <param name="Target">The target of each row.</param>
/// <param name="BaselineTarget">The target of each row with no player present.</param>
/// <param name="CompletenessGap">Σ values − (target − baseline target) for each row; null if the method claims no completeness.</param>
public sealed record RowInteractions(
    int Rows,
    IReadOnlyList<IReadOnlyList<int>> Sets,
    double[] Values,
    double[] Target,
    double[] BaselineTarget,
    double[]? CompletenessGap
)
{
    /// <summary>Of sampled values: rows × sets, NaN where there are too few samples for one, 0 where a row was enumerated; null for methods that do not sample.</summary>
    public double[]? StandardErrors { get; init; }

    /// <summary>Of a sampled method: the model evaluations spent on each row.</summary>
    public int[]? Evaluations { get; init; }

    /// <summary>Σ over sets − (target − baseline target) of each row.</summary>
    internal static double[] Gaps(int sets, double[] values, double[] target, double[] baseline)
    {
        var gaps = new double[target.Length];
        for (var r = 0; r < gaps.Length; r++)
        {
            var sum = 0.0;
            for (var s = 0; s < sets; s++)
                sum += values[r * sets + s];
            gaps[r] = sum - (target[r] - baseline[r]);
        }
        return gaps;
    }
}
