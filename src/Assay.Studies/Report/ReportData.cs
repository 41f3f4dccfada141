using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Estimates as the report looks them up.</summary>
internal sealed class ReportData(StudyPlan plan, Merged merged, string head, Verdict verdict)
{
    private readonly Dictionary<(string, string, string, string, string, string), Estimate> byKey = merged
        .Estimates.GroupBy(e => (e.Split, e.Dimension, e.Segment, e.Estimand, e.Method, e.Feature))
        .ToDictionary(g => g.Key, g => g.First());

    public StudyPlan Plan => plan;
    public Merged Merged => merged;
    public string Head => head;
    public Verdict Verdict => verdict;

    public string? PerRow => plan.PerRow.Count > 0 ? plan.PerRow[0].Id : null;

    /// <summary>The estimand features are ordered by: loss of AUC under permutation, else mean |attribution|.</summary>
    public (string Estimand, string Method) Primary =>
        Permutes is { } exchange ? (exchange.Estimand + Estimands.Auc, exchange.Method)
        : PerRow is { } method ? (Estimands.MeanAbsAttribution, method)
        : (Estimands.Sage, Exchange.Sage);

    /// <summary>The exchange that features are ordered by: plain permutation, else the first there is.</summary>
    public Exchange? Permutes =>
        plan.Exchanges.FirstOrDefault(e => e.Method == Exchange.Permutation)
        ?? plan.Exchanges.FirstOrDefault(e => e.Held is null);

    public IReadOnlyList<string> Features => [.. plan.Features.Select(f => f.Entry.Name)];

    public string Title(string feature) =>
        plan.Features.FirstOrDefault(f => f.Entry.Name == feature)?.Entry.Title ?? feature;

    public Estimate? Find(
        string split,
        string dimension,
        string segment,
        string estimand,
        string method,
        string feature
    ) => byKey.GetValueOrDefault((split, dimension, segment, estimand, method, feature));

    public Estimate? Overall(string split, string estimand, string method, string feature = "") =>
        Find(split, SegmentBuilder.Overall, SegmentBuilder.All, estimand, method, feature);

    /// <summary>The features of a segment, strongest first.</summary>
    public IReadOnlyList<Estimate> Ranked(
        string split,
        string dimension,
        string segment,
        string estimand,
        string method
    ) =>
        [
            .. Features
                .Select(f => Find(split, dimension, segment, estimand, method, f))
                .OfType<Estimate>()
                .OrderBy(e => e.Rank),
        ];

    /// <summary>The segments of a dimension that are shown on a split, in order.</summary>
    public IReadOnlyList<Estimate> Segments(string split, string dimension) =>
        [
            .. merged.Estimates.Where(e =>
                e.Split == split
                && e.Dimension == dimension
                && e.Estimand == Estimands.Auc
                && e.Method == "model"
                && e.Status == "ok"
            ),
        ];

    /// <summary>Kendall's tau-b between two ways of ordering the features, over all rows of a split.</summary>
    public double Tau(string split, (string Estimand, string Method) a, (string Estimand, string Method) b) =>
        RankCorrelation.KendallTauB(Values(split, a), Values(split, b));

    private double[] Values(string split, (string Estimand, string Method) by) =>
        [.. Features.Select(f => Overall(split, by.Estimand, by.Method, f)?.Value ?? double.NaN)];
}
