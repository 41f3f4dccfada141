namespace Assay.Studies;

/// <summary>Drivers present in every period told from passing ones, by the smallest importance over the periods.</summary>
internal sealed class PersistenceFindings : IFindingSource
{
    public const string Prefix = "persistent_";

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Beginning(Prefix)
            .Where(e => e.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) && e.Feature.Length > 0)
            .Select(e =>
                (
                    Evidence: context.Of(e, context.Margin),
                    Whole: context.Overall(e.Estimand[Prefix.Length..], e.Method, e.Feature)
                )
            )
            .Where(p => p.Whole is not null && context.Of(p.Whole).Kind == FindingKind.FeatureMatters)
            .Select(p =>
                p.Evidence with
                {
                    Said =
                        p.Evidence.IsShown && p.Evidence.Estimate.Value > 0 ? FindingKind.Persistent
                        : p.Evidence.HasInterval && p.Evidence.Estimate.High <= p.Evidence.Margin ? FindingKind.Passing
                        : null,
                }
            )
            .Where(e => e.Said is not null)
            .GroupBy(e => (e.Estimate.Feature, e.Estimate.Dimension))
            .Select(g => g.OrderBy(e => Grading.Of(e).Grade).ThenByDescending(e => e.Basis).First())
            .Select(e => Draft(context, e));

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        var over =
            e.Dimension == SegmentBuilder.Overall ? "period" : $"group of {context.Names.Dimension(e.Dimension)}";
        return new()
        {
            Evidence = evidence,
            Effect =
                evidence.Kind == FindingKind.Persistent
                    ? $"{title} is a lasting driver: in every {over} the model loses at least {Text.Number(e.Value)} of AUC without it."
                    : $"{title} is a passing driver: it matters on average, yet there is a {over} in which the model loses no more than {Text.Number(Math.Max(e.High, 0))} of AUC without it.",
            ForWhom = $"Every {over}; the number is that of the weakest.",
            ToDo =
                evidence.Kind == FindingKind.Persistent
                    ? "Build on it; it holds whenever it was looked at."
                    : $"Look at the {over} in which it does not matter before building on it.",
        };
    }
}
