namespace Assay.Studies;

/// <summary>One number of a study with its uncertainty: a row of <c>estimates.parquet</c>. NaN and null mean "none".</summary>
public sealed record Estimate
{
    /// <summary>explain or holdout.</summary>
    public required string Split { get; init; }

    /// <summary>The dimension of the segment; "overall" for all rows.</summary>
    public required string Dimension { get; init; }

    /// <summary>The segment's value within the dimension; "all" for all rows.</summary>
    public required string Segment { get; init; }

    /// <summary>The segment's value in words, from the vocabulary where there is one.</summary>
    public required string SegmentLabel { get; init; }

    /// <summary>The feature or group; empty for what is said of the model as a whole.</summary>
    public required string Feature { get; init; }

    /// <summary>The feature's group; empty where none is declared.</summary>
    public string Group { get; init; } = "";

    /// <summary>The quantity: see <see cref="Estimands"/>.</summary>
    public required string Estimand { get; init; }

    /// <summary>The method it comes from; "model" or "floor:NAME" for qualities.</summary>
    public required string Method { get; init; }

    /// <summary>The head.</summary>
    public required string Head { get; init; }

    /// <summary>logit or probability; empty where it does not apply.</summary>
    public string Space { get; init; } = "";

    /// <summary>The baseline; empty where it does not apply.</summary>
    public string Baseline { get; init; } = "";

    /// <summary>The value over the segment's rows.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Standard deviation over the cluster bootstrap.</summary>
    public double StandardError { get; init; } = double.NaN;

    /// <summary>Lower end of the 95 % interval.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Upper end of the 95 % interval.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>How the interval was made: t, t of log-odds, χ², percentile.</summary>
    public string Interval { get; init; } = "";

    /// <summary>Two-sided, against 0: Student's t of value / standard error with the interval's degrees of freedom.</summary>
    public double PValue { get; init; } = double.NaN;

    /// <summary>Benjamini–Hochberg within estimand × method × split × dimension.</summary>
    public double PAdjusted { get; init; } = double.NaN;

    /// <summary>Rank among the features of the segment, 1 the strongest.</summary>
    public int? Rank { get; init; }

    /// <summary>Lower (better) end of the rank's 95 % interval.</summary>
    public int? RankLow { get; init; }

    /// <summary>Upper (worse) end of the rank's 95 % interval.</summary>
    public int? RankHigh { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Clusters.</summary>
    public required int Clusters { get; init; }

    /// <summary>Clusters of the second kind; null: the study has one kind.</summary>
    public int? SecondClusters { get; init; }

    /// <summary>How many draws stand behind it: clusters, of two kinds those of the rarer.</summary>
    internal int Draws => Math.Min(Clusters, SecondClusters ?? Clusters);

    /// <summary>yes, no, "not tested", or empty where the question does not arise.</summary>
    public string Replicated { get; init; } = "";

    /// <summary>ok, or why there is no value: "too small".</summary>
    public string Status { get; init; } = "ok";

    /// <summary>Whether the interval exists and excludes 0.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;

    /// <summary>A row of the same place and feature for another quantity, with nothing measured yet.</summary>
    internal Estimate Bare(string estimand) =>
        this with
        {
            Estimand = estimand,
            Value = double.NaN,
            StandardError = double.NaN,
            Low = double.NaN,
            High = double.NaN,
            Interval = "",
            PValue = double.NaN,
            PAdjusted = double.NaN,
            Rank = null,
            RankLow = null,
            RankHigh = null,
            Replicated = "",
        };
}

/// <summary>The names of the quantities.</summary>
public static class Estimands
{
    /// <summary>Mean of |attribution|: how much the model uses a feature.</summary>
    public const string MeanAbsAttribution = "mean_abs_attribution";

    /// <summary>Mean attribution: which way.</summary>
    public const string MeanAttribution = "mean_attribution";

    /// <summary>Prefix of losses of quality under permutation; positive means the feature matters.</summary>
    public const string Permutation = "permutation_";

    /// <summary>Prefix of the same where the feature is drawn given the others.</summary>
    public const string Conditional = "conditional_permutation_";

    /// <summary>Share of the feature's variance or entropy that its conditional model explains, out of sample.</summary>
    public const string ConditionalFit = "conditional_fit";

    /// <summary>AUC of a classifier that tells rows from rows with the feature drawn; ½: it cannot.</summary>
    public const string ConditionalCheck = "conditional_check_auc";

    /// <summary>Share of units whose value the conditional draw changed.</summary>
    public const string ConditionalMoved = "conditional_moved";

    /// <summary>Prefix of the same over the rows that have the feature, exchanged among these.</summary>
    public const string GivenPresence = "present_permutation_";

    /// <summary>Share of the rows that have the feature; of features that some row lacks, by method <see cref="Data"/>.</summary>
    public const string Coverage = "coverage";

    /// <summary>Share of the rows in which the feature is empty: padding, in all places of a list.</summary>
    public const string MissingShare = "missing_share";

    /// <summary>Share of the rows in which something stands in for the feature: the unknown id, or what a missing value becomes.</summary>
    public const string DefaultShare = "default_share";

    /// <summary>Method of what describes the rows and not the model.</summary>
    internal const string Data = "data";

    /// <summary>
    /// Prefix of what the quality might gain if every row had the feature: importance given presence × share of rows that
    /// lack it. Takes rows that lack it to be like those that have it.
    /// </summary>
    public const string Opportunity = "opportunity_";

    /// <summary>Increase of the logloss to first order in the loss itself: mean of (p − y) · change of the logit.</summary>
    public const string TaylorLoss = "taylor_logloss";

    /// <summary>What a feature saves of the logloss: its Shapley value.</summary>
    public const string Sage = "sage_logloss";

    /// <summary>Kendall's τ-b of two methods' orders of the features.</summary>
    public const string AgreementRank = "agreement_rank";

    /// <summary>Rank-biased overlap of the same.</summary>
    public const string AgreementOverlap = "agreement_overlap";

    /// <summary>Share of the first features that both have.</summary>
    public const string AgreementTop = "agreement_top";

    /// <summary>Prefix of the agreement of two methods' attributions row by row, averaged over rows.</summary>
    public const string RowAgreement = "row_agreement_";

    /// <summary>
    /// Prefix of the standard deviation of an importance between the segments of a dimension (segment "between"); its p-value
    /// is that of "the same in all segments".
    /// </summary>
    public const string Heterogeneity = "heterogeneity_";

    /// <summary>Prefix of the share of the scatter between segments that errors do not explain; segments without common clusters only.</summary>
    public const string ISquared = "i_squared_";

    /// <summary>Prefix of a segment's importance drawn towards the mean of its dimension's segments.</summary>
    public const string Shrunk = "shrunk_";

    /// <summary>Prefix of a segment's importance less the mean of the other segments of its dimension, weighted by rows.</summary>
    public const string Contrast = "contrast_";

    /// <summary>Prefix of a contrast found by searching on half of the clusters; all its numbers are from the other half.</summary>
    public const string Search = "search_";

    /// <summary>Prefix of a segment's strongest feature's importance less the runner-up's; the feature is the strongest.</summary>
    public const string Lead = "lead_";

    /// <summary>Prefix of an importance's smallest value over the periods and segments shown; its p-value is one-sided, the largest of theirs.</summary>
    public const string Persistent = "persistent_";

    /// <summary>Prefix of an importance's change from the first to the last period along a line.</summary>
    public const string Trend = "trend_";

    /// <summary>Area under the ROC curve.</summary>
    public const string Auc = "auc";

    /// <summary>Mean negative log-likelihood, unweighted.</summary>
    public const string LogLoss = "logloss";

    /// <summary>AUC within lists, averaged with the lists' weights.</summary>
    public const string Gauc = "gauc";

    /// <summary>NDCG at 10 within lists, averaged.</summary>
    public const string Ndcg = "ndcg@10";

    /// <summary>
    /// Root mean square gap between predicted and actual rate over 15 bins of equal mass, unweighted, less what the bins'
    /// noise adds to it.
    /// </summary>
    public const string CalibrationError = "calibration_error";

    /// <summary>Method of a rule that knows one field only.</summary>
    internal const string Alone = "alone";

    /// <summary>AUC of a rule that knows one field, or popularity, or user and item only, fitted on other users.</summary>
    public const string AloneAuc = "alone_auc";

    /// <summary>Prefix of importances with a declared confounder held; by method <c>conditioned:NAME</c>, <c>stratified:NAME</c>, <c>weighted:NAME</c>.</summary>
    public const string Adjusted = "adjusted_permutation_";

    /// <summary>Prefix of what holding it takes away: crude less adjusted.</summary>
    public const string Moved = "moved_permutation_";

    /// <summary>How far a feature goes with a declared confounder, 0 to 1; by method <c>with:NAME</c>.</summary>
    public const string Association = "association";

    /// <summary>Population stability index of the rows against those of training, less what noise adds to it.</summary>
    public const string ParityPsi = "parity_psi";

    /// <summary>Share of missing, default and unknown values less that of training.</summary>
    public const string ParityMissing = "parity_missing";

    /// <summary>Share of the known ids that training does not have.</summary>
    public const string ParityUnseen = "parity_unseen";

    /// <summary>Mean less that of training, in standard deviations of training.</summary>
    public const string ParityShift = "parity_shift";

    /// <summary>Suffix of the model's advantage over a floor; positive means the model is better.</summary>
    public const string OverFloor = "_over_floor";

    /// <summary>Whether a quantity describes how an importance was measured, and is none itself.</summary>
    internal static bool IsDescriptive(string estimand) =>
        estimand
            is Association
                or Coverage
                or MissingShare
                or DefaultShare
                or ConditionalFit
                or ConditionalCheck
                or ConditionalMoved
        || estimand.StartsWith("parity_", StringComparison.Ordinal)
        || estimand.StartsWith(Heterogeneity, StringComparison.Ordinal)
        || estimand.StartsWith(ISquared, StringComparison.Ordinal);

    /// <summary>The four qualities, in the order of <see cref="MetricSums"/>.</summary>
    internal static readonly string[] Qualities = [Auc, LogLoss, Gauc, Ndcg];
}
