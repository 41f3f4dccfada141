namespace Assay.Attribution.Judging;

/// <summary>What methods are worth on one model, best first.</summary>
/// <param name="Rows">Rows judged.</param>
/// <param name="Features">Features of each.</param>
/// <param name="Top">How many features counted as important.</param>
/// <param name="Methods">The methods in the overall order, with the control among them.</param>
/// <param name="Skipped">Methods that were not judged, and why.</param>
/// <param name="Pairs">Agreement of each pair of methods.</param>
/// <param name="Layers">What became random at each stage of the sanity check, from the head down; empty where the model has no weights.</param>
/// <param name="LeftOut">Measures that the overall order does not count because no method differs from the control by more than two standard errors.</param>
public sealed record Judgement(
    int Rows,
    int Features,
    int Top,
    IReadOnlyList<JudgedMethod> Methods,
    IReadOnlyList<SkippedMethod> Skipped,
    IReadOnlyList<PairAgreement> Pairs,
    IReadOnlyList<string> Layers,
    IReadOnlyList<string> LeftOut
)
{
    /// <summary>The id of the control, whose attributions are random numbers.</summary>
    public const string Control = "random";
}

/// <summary>A mean over rows.</summary>
/// <param name="Value">The mean; NaN if it could not be measured.</param>
/// <param name="StandardError">Its standard error, rows taken as independent; NaN below two rows.</param>
public readonly record struct RowMean(double Value, double StandardError)
{
    /// <summary>Nothing was measured.</summary>
    public static RowMean None { get; } = new(double.NaN, double.NaN);

    /// <summary>The mean of the values that are numbers.</summary>
    internal static RowMean Of(IEnumerable<double> values)
    {
        var known = values.Where(v => !double.IsNaN(v)).ToArray();
        if (known.Length == 0)
            return None;
        var mean = known.Average();
        return new(
            mean,
            known.Length < 2
                ? double.NaN
                : Math.Sqrt(known.Sum(v => (v - mean) * (v - mean)) / (known.Length - 1) / known.Length)
        );
    }
}

/// <summary>One method's line of the table.</summary>
/// <param name="Id">The method, or <see cref="Judgement.Control"/>.</param>
/// <param name="Score">
/// The overall score: the mean over the counted measures of where the method stands between the control (0) and the best method (1).
/// </param>
/// <param name="Measures">Means by <see cref="Measure.Id"/>.</param>
/// <param name="Cascade">Rank correlation with the original attributions after each of <see cref="Judgement.Layers"/>.</param>
/// <param name="Falls">Whether it changes when the model's weights become random: false is a method that does not look at them; null if not tried.</param>
/// <param name="MillisecondsPerRow">Time.</param>
/// <param name="EvaluationsPerRow">Rows (or points of a path) sent through the model.</param>
public sealed record JudgedMethod(
    string Id,
    double Score,
    IReadOnlyDictionary<string, RowMean> Measures,
    IReadOnlyList<RowMean> Cascade,
    bool? Falls,
    double MillisecondsPerRow,
    double EvaluationsPerRow
);

/// <summary>A method that was not judged.</summary>
public sealed record SkippedMethod(string Id, string Reason);

/// <summary>Agreement of two methods, each a mean over rows; see <see cref="Statistics.AttributionAgreement"/>.</summary>
/// <param name="First">A method.</param>
/// <param name="Second">Another.</param>
/// <param name="Feature">Share of the top features in common.</param>
/// <param name="Rank">The same, at the same rank.</param>
/// <param name="Sign">The same, with the same sign.</param>
/// <param name="SignedRank">The same, at the same rank with the same sign.</param>
/// <param name="RankCorrelation">Spearman's ρ of the sizes of all features.</param>
/// <param name="PairwiseRank">Share of pairs of features in the same order.</param>
public sealed record PairAgreement(
    string First,
    string Second,
    RowMean Feature,
    RowMean Rank,
    RowMean Sign,
    RowMean SignedRank,
    RowMean RankCorrelation,
    RowMean PairwiseRank
)
{
    /// <summary>The six in the order of the paper.</summary>
    public IReadOnlyList<RowMean> All => [Feature, Rank, Sign, SignedRank, RankCorrelation, PairwiseRank];
}
