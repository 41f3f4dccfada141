namespace Assay.Studies;

/// <summary>Whether each feature matters over all rows: one finding per feature and way of measuring.</summary>
internal sealed class ImportanceFindings : IFindingSource
{
    public IEnumerable<FindingDraft> Of(FindingContext context)
    {
        foreach (var (estimand, method) in Asked(context))
        foreach (var estimate in context.Explained(estimand).Where(e => e.Method == method && IsOverall(e)))
            yield return Draft(context, context.Of(estimate));
    }

    private static bool IsOverall(Estimate e) => e.Dimension == SegmentBuilder.Overall;

    /// <summary>What findings are made of: what adds to the others first, then the best that says what the model leans on.</summary>
    internal static IEnumerable<(string Estimand, string Method)> Asked(FindingContext context)
    {
        const string plain = Estimands.Permutation + Estimands.Auc;
        const string conditional = Estimands.Conditional + Estimands.Auc;
        bool Has(string estimand, string method) =>
            context.Explained(estimand).Any(e => e.Method == method && IsOverall(e));
        if (Has(conditional, Exchange.Conditional))
            yield return (conditional, Exchange.Conditional);
        if (Has(plain, Exchange.Permutation))
            yield return (plain, Exchange.Permutation);
        else if (Has(plain, Exchange.Taylor))
            yield return (plain, Exchange.Taylor);
        else if (Has(Estimands.Sage, Exchange.Sage))
            yield return (Estimands.Sage, Exchange.Sage);
        else if (
            !Has(conditional, Exchange.Conditional)
            && context.Explained(Estimands.MeanAbsAttribution).FirstOrDefault(IsOverall) is { } first
        )
            yield return (Estimands.MeanAbsAttribution, first.Method);
    }

    private static FindingDraft Draft(FindingContext context, Evidence evidence) =>
        new()
        {
            Evidence = evidence,
            Effect = Effect(
                evidence,
                context.Names.Title(evidence.Estimate.Feature),
                AsideWords.Of(context.Study, context.Names, evidence.Estimate.Feature),
                context.Lead
            ),
            ToDo = evidence.Kind switch
            {
                FindingKind.FeatureMatters =>
                    "Keep it and guard its quality; test an improvement of it in an experiment.",
                FindingKind.FeatureHurts => "Refit the model without it and compare, before an experiment.",
                _ => "Refit the model without it; if nothing is lost, retire it.",
            },
        };

    private static string Effect(Evidence evidence, string title, string aside, double lead)
    {
        var e = evidence.Estimate;
        var isAuc = e.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal);
        var unit = isAuc ? " of AUC" : " of logloss";
        var without = evidence.IsConditional
            ? $"without what it adds to the other features{aside}"
            : "with its values exchanged among rows";
        string Amount(double value) => isAuc ? Wording.Amount(value, lead) : $"{Text.Number(value)}{unit}";
        return evidence.Kind switch
        {
            FindingKind.FeatureMatters when e.Estimand == Estimands.MeanAbsAttribution =>
                $"{title} moves the model's score by {Text.Number(e.Value)} on average.",
            FindingKind.FeatureMatters => $"{title} matters: {without} the model loses {Amount(e.Value)}.",
            FindingKind.FeatureHurts => $"{title} hurts: {without} the model gains {Amount(-e.Value)}.",
            FindingKind.FeatureDoesNotMatter =>
                $"{title} does not matter: {without} the model's quality changes by no more than {Text.Number(evidence.Margin)}{unit}, which counts as negligible.",
            _ => $"Whether {title} matters is not settled: {without} {Range(evidence, unit)}.",
        };
    }

    private static string Range(Evidence evidence, string unit)
    {
        var e = evidence.Estimate;
        if (!evidence.HasInterval)
            return "the model's loss was measured without an interval";
        var range = $"the model's loss lies between {Text.Number(e.Low)} and {Text.Number(e.High)}{unit}";
        return evidence.Margin > 0 ? $"{range}, where up to {Text.Number(evidence.Margin)} is negligible" : range;
    }
}
