namespace Assay.Studies;

/// <summary>What proposers work with: findings, the estimates behind them, and what is known of serving and traffic.</summary>
internal sealed class ActionContext(FindingContext facts, IReadOnlyList<Finding> findings)
{
    public FindingContext Facts => facts;
    public IReadOnlyList<Finding> Findings => findings;
    public StudyDefinition Study => facts.Study;
    public FeatureNames Names => facts.Names;
    public double Margin => facts.Margin;

    /// <summary>The features of the dictionary; what else has estimates is a group, a position or a cross.</summary>
    public required IReadOnlyList<FeatureEntry> Features { get; init; }

    public ServingCost Serving { get; init; } = ServingCost.Unknown;

    /// <summary>What logged rows say of the label's rate, by dimension and segment; null: no such rows.</summary>
    public Func<string, string, Traffic?> Traffic { get; init; } = (_, _) => null;

    public bool IsFeature(string name) => Features.Any(f => f.Name == name);

    /// <summary>The findings of some kinds, in their order.</summary>
    public IEnumerable<Finding> Of(params FindingKind[] kinds) => findings.Where(f => kinds.Contains(f.Kind));

    /// <summary>The best graded finding of a feature over all rows that is of one of the kinds.</summary>
    public Finding? Best(string feature, params FindingKind[] kinds) =>
        Of(kinds).Where(f => f.Feature == feature && f.Dimension == SegmentBuilder.Overall).MinBy(f => f.Grade);

    /// <summary>A finding as evidence.</summary>
    public static Cited Cite(Finding f, bool needed = true) =>
        new(
            new(f.Id, true, needed, f.Grade, f.Sentences.Effect),
            f.MissingForNextGrade,
            AucError(f.Estimand, f.Pedigree.StandardError)
        );

    /// <summary>An estimate as evidence: by its finding where there is one, else graded by the same rules.</summary>
    /// <param name="evidence">The estimate with what decides its grade.</param>
    /// <param name="says">It in a sentence.</param>
    public Cited Cite(Evidence evidence, string says)
    {
        var e = evidence.Estimate;
        var id = $"{e.Feature}/{e.Estimand}/{e.Method}/{e.Dimension}={e.Segment}";
        if (findings.FirstOrDefault(f => f.Id == id) is { } finding)
            return Cite(finding);
        var graded = Grading.Of(evidence);
        return new(new(id, false, true, graded.Grade, says), graded.Missing, AucError(e.Estimand, e.StandardError));
    }

    // Only an error of AUC says how many units a difference of AUC needs; that of a drift does not.
    private static double? AucError(string estimand, double? error) =>
        estimand.EndsWith("_" + Estimands.Auc, StringComparison.Ordinal) && estimand != Estimands.AloneAuc
            ? error
            : null;

    /// <summary>An effect on AUC with the estimate's interval.</summary>
    /// <param name="e">The estimate.</param>
    /// <param name="sign">−1 where the estimate is a loss.</param>
    /// <param name="basis">How it is known.</param>
    /// <param name="says">It in a sentence.</param>
    public static ExpectedEffect Effect(Estimate e, int sign, EffectBasis basis, string says)
    {
        double? End(double value) => double.IsNaN(value) ? null : sign * value;
        var (low, high) = sign > 0 ? (End(e.Low), End(e.High)) : (End(e.High), End(e.Low));
        return new("auc", sign * e.Value, low, high, basis, says);
    }
}

/// <summary>Evidence with what its next grade misses.</summary>
internal sealed record Cited(ActionEvidence Evidence, IReadOnlyList<string> Missing, double? AucError);
