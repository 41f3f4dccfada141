namespace Assay.Studies;

/// <summary>What sources of findings work with: estimates by name, and the making of a finding from what a source says.</summary>
internal sealed class FindingContext
{
    private readonly Dictionary<(string, string, string, string), int> families;
    private readonly ILookup<(string Split, string Estimand), Estimate> byEstimand;
    private readonly Dictionary<(string, string, string, string, string, string), Estimate> byKey;

    public FindingContext(IReadOnlyList<Estimate> estimates, StudyDefinition study, FeatureNames names)
    {
        (Estimates, Study, Names) = (estimates, study, names);
        var known = estimates.Where(e => e.Status == "ok").ToArray();
        byEstimand = known.ToLookup(e => (e.Split, e.Estimand));
        byKey = known
            .GroupBy(e => (e.Split, e.Estimand, e.Method, e.Dimension, e.Segment, e.Feature))
            .ToDictionary(g => g.Key, g => g.First());
        families = estimates
            .Where(e => !double.IsNaN(e.PValue))
            .CountBy(e => (e.Estimand, e.Method, e.Split, e.Dimension))
            .ToDictionary();
    }

    public IReadOnlyList<Estimate> Estimates { get; }
    public StudyDefinition Study { get; }
    public FeatureNames Names { get; }
    public bool HasHoldout { get; init; }
    public bool LearntNothing { get; init; }
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();

    /// <summary>What steps of the chain hold against a feature.</summary>
    public Func<string, IEnumerable<Remark>> RemarksOn { get; init; } = _ => [];

    /// <summary>What steps left out would have given.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>A loss of AUC up to this is negligible.</summary>
    public double Margin => Study.Margin;

    /// <summary>The explained rows' estimates of a quantity, in order.</summary>
    public IEnumerable<Estimate> Explained(string estimand) => byEstimand[(Splits.Explain, estimand)];

    /// <summary>Estimates of refits: on the holdout or other rows that no fit has seen where there are such, else on the explained rows.</summary>
    public IEnumerable<Estimate> OfRefits(string estimand) =>
        byEstimand
            .Where(g => g.Key.Estimand == estimand)
            .OrderBy(g => g.Key.Split == Splits.Explain)
            .Take(1)
            .SelectMany(g => g);

    /// <summary>The explained rows' estimates of quantities whose name begins like that, in order.</summary>
    public IEnumerable<Estimate> Beginning(string prefix) =>
        byEstimand
            .Where(g => g.Key.Split == Splits.Explain && g.Key.Estimand.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(g => g);

    /// <summary>The same rows, segment and feature in another quantity or by another method.</summary>
    public Estimate? Beside(Estimate e, string estimand, string? method = null, string? feature = null) =>
        byKey.GetValueOrDefault((e.Split, estimand, method ?? e.Method, e.Dimension, e.Segment, feature ?? e.Feature));

    /// <summary>Over all explained rows.</summary>
    public Estimate? Overall(string estimand, string method, string feature) =>
        byKey.GetValueOrDefault(
            (Splits.Explain, estimand, method, SegmentBuilder.Overall, SegmentBuilder.All, feature)
        );

    /// <summary>How far the model is ahead of guessing: what a loss of AUC is a share of.</summary>
    public double Lead => (Overall(Estimands.Auc, "model", "")?.Value ?? double.NaN) - 0.5;

    /// <summary>An estimate with what decides how far it may be trusted.</summary>
    /// <param name="e">The estimate.</param>
    /// <param name="margin">What is negligible; null: the study's margin for losses of AUC, else 0.</param>
    /// <param name="remarks">Whether what steps hold against the feature counts.</param>
    public Evidence Of(Estimate e, double? margin = null, bool remarks = true) =>
        new()
        {
            Estimate = e,
            Again = byKey.GetValueOrDefault((Splits.Holdout, e.Estimand, e.Method, e.Dimension, e.Segment, e.Feature)),
            HasHoldout = HasHoldout || e.Split != Splits.Explain,
            LearntNothing = LearntNothing,
            MinimumClusters = Study.MinimumClusters,
            Margin = margin ?? (e.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) ? Margin : 0),
            CheckAuc = Overall(Estimands.ConditionalCheck, e.Method, e.Feature)?.Value ?? double.NaN,
            Remarks = remarks ? [.. RemarksOn(e.Feature).Where(r => r.Only?.Invoke(e) != false)] : [],
        };

    public Finding Finish(FindingDraft draft)
    {
        var evidence = draft.Evidence;
        var e = evidence.Estimate;
        var graded = draft.Grade ?? Grading.Of(evidence);
        var feature = draft.Feature ?? e.Feature;
        var segment = draft.Segment ?? e.Segment;
        IReadOnlyList<string> alternatives =
        [
            .. evidence.Remarks.Select(r => r.Text),
            .. draft.Alternatives,
            .. draft.OwnAlternativesOnly ? [] : Notes.Alternatives(evidence),
        ];
        return new Finding
        {
            Id = draft.Id ?? $"{feature}/{e.Estimand}/{e.Method}/{e.Dimension}={segment}",
            Kind = evidence.Kind,
            Feature = feature,
            Features = draft.Features ?? (feature.Length > 0 ? [feature] : []),
            DisplayName = draft.Title ?? Names.Title(feature),
            Dimension = e.Dimension,
            Segment = segment,
            SegmentLabel = draft.Segment ?? e.SegmentLabel,
            Estimand = e.Estimand,
            Method = e.Method,
            Value = e.Value,
            Interval = evidence.HasInterval ? new(e.Low, e.High, 0.95, e.Interval) : null,
            Margin = evidence.Margin,
            Family = new(
                $"{e.Estimand} by {e.Method}, {e.Split} rows, {e.Dimension}",
                families.GetValueOrDefault((e.Estimand, e.Method, e.Split, e.Dimension)),
                "benjamini_hochberg",
                double.IsNaN(e.PAdjusted) ? null : e.PAdjusted
            ),
            Replicated = e.Replicated,
            Grade = graded.Grade,
            GradeReasons = graded.Reasons,
            MissingForNextGrade = [.. graded.Missing, .. LeftOut],
            Parts = draft.Parts,
            Sentences = new Wording(evidence, graded, Names, alternatives).Sentences(draft),
            Assumptions = [.. Notes.Assumptions(evidence, Names), .. draft.Assumptions],
            Limitations = [.. Notes.Limitations(evidence, Names), .. draft.Limitations],
            AlternativeExplanations = alternatives,
            Pedigree = new(
                e.Head,
                e.Space,
                e.Baseline,
                e.Split,
                e.Rows,
                e.Clusters,
                double.IsNaN(e.StandardError) ? null : e.StandardError,
                Study.Replicates,
                Study.Seed,
                RunPlan.Version,
                Hashes
            )
            {
                SecondClusters = e.SecondClusters,
            },
        };
    }
}
