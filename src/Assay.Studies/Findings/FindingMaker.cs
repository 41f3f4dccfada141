namespace Assay.Studies;

/// <summary>From estimates and the verdict to findings: one per feature and way of measuring, over all rows.</summary>
internal static class FindingMaker
{
    public static IReadOnlyList<Finding> Of(
        StudyPlan plan,
        ChainOutcome chain,
        Verdict verdict,
        IReadOnlyDictionary<string, string> hashes
    )
    {
        var merged = chain.Merged;
        var families = merged
            .Estimates.Where(e => !double.IsNaN(e.PValue))
            .CountBy(e => (e.Estimand, e.Method, e.Split, e.Dimension))
            .ToDictionary();
        var overall = merged
            .Estimates.Where(e => e.Dimension == SegmentBuilder.Overall && e.Status == "ok")
            .ToLookup(e => (e.Split, e.Estimand, e.Method));
        var names = new FeatureNames(plan);
        var findings = new List<Finding>();
        foreach (var (estimand, method) in Asked(plan))
        foreach (var estimate in overall[(Splits.Explain, estimand, method)])
        {
            var evidence = new Evidence
            {
                Estimate = estimate,
                Again = overall[(Splits.Holdout, estimand, method)].FirstOrDefault(e => e.Feature == estimate.Feature),
                HasHoldout = plan.Splits.Count > 1,
                LearntNothing = verdict.LearntNothing,
                MinimumClusters = plan.Study.MinimumClusters,
                Margin = estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) ? plan.Study.Margin : 0,
                CheckAuc =
                    overall[(Splits.Explain, Estimands.ConditionalCheck, method)]
                        .FirstOrDefault(e => e.Feature == estimate.Feature)
                        ?.Value
                    ?? double.NaN,
            };
            var tests = families.GetValueOrDefault((estimand, method, estimate.Split, estimate.Dimension));
            findings.Add(Make(plan, evidence, tests, names, Lead(overall), hashes));
        }
        return findings;
    }

    /// <summary>What findings are made of: what adds to the others first, then the best that says what the model leans on.</summary>
    private static IEnumerable<(string Estimand, string Method)> Asked(StudyPlan plan)
    {
        bool Has(string method) => plan.Exchanges.Any(e => e.Method == method && e.Donors != DonorKind.Present);
        if (Has(Exchange.Conditional))
            yield return (Estimands.Conditional + Estimands.Auc, Exchange.Conditional);
        if (Has(Exchange.Permutation))
            yield return (Estimands.Permutation + Estimands.Auc, Exchange.Permutation);
        else if (Has(Exchange.Taylor))
            yield return (Estimands.Permutation + Estimands.Auc, Exchange.Taylor);
        else if (plan.HasSage)
            yield return (Estimands.Sage, Exchange.Sage);
        else if (plan.Exchanges.Count == 0 && plan.PerRow.Count > 0)
            yield return (Estimands.MeanAbsAttribution, plan.PerRow[0].Id);
    }

    // How far the model is ahead of guessing: what a loss of AUC is a share of.
    private static double Lead(ILookup<(string, string, string), Estimate> overall) =>
        (overall[(Splits.Explain, Estimands.Auc, "model")].FirstOrDefault()?.Value ?? double.NaN) - 0.5;

    private static Finding Make(
        StudyPlan plan,
        Evidence evidence,
        int tests,
        FeatureNames names,
        double lead,
        IReadOnlyDictionary<string, string> hashes
    )
    {
        var e = evidence.Estimate;
        var graded = Grading.Of(evidence);
        var title = names.Title(e.Feature);
        var alternatives = Notes.Alternatives(evidence);
        return new Finding
        {
            Id = $"{e.Feature}/{e.Estimand}/{e.Method}/{e.Dimension}={e.Segment}",
            Kind = evidence.Kind,
            Feature = e.Feature,
            DisplayName = title,
            Dimension = e.Dimension,
            Segment = e.Segment,
            Estimand = e.Estimand,
            Method = e.Method,
            Value = e.Value,
            Interval = evidence.HasInterval ? new(e.Low, e.High, 0.95, e.Interval) : null,
            Margin = evidence.Margin,
            Family = new(
                $"{e.Estimand} by {e.Method}, {e.Split} rows, {e.Dimension}",
                tests,
                "benjamini_hochberg",
                double.IsNaN(e.PAdjusted) ? null : e.PAdjusted
            ),
            Replicated = e.Replicated,
            Grade = graded.Grade,
            GradeReasons = graded.Reasons,
            MissingForNextGrade = graded.Missing,
            Sentences = new Wording(evidence, graded, title, lead, names.Units, alternatives).Sentences(),
            Assumptions = Notes.Assumptions(evidence, names.Units),
            Limitations = Notes.Limitations(evidence),
            AlternativeExplanations = alternatives,
            Pedigree = new(
                e.Head,
                e.Space,
                e.Baseline,
                e.Split,
                e.Rows,
                e.Clusters,
                double.IsNaN(e.StandardError) ? null : e.StandardError,
                plan.Study.Replicates,
                plan.Study.Seed,
                RunPlan.Version,
                hashes
            ),
        };
    }
}
