namespace Assay.Studies;

/// <summary>Features most of whose importance goes away once a declared confounder is held: by how much it moved, paired.</summary>
internal sealed class ProxyFindings : IFindingSource
{
    public const string Moved = "moved_" + Estimands.Permutation + Estimands.Auc;
    public const string Adjusted = "adjusted_" + Estimands.Permutation + Estimands.Auc;

    /// <summary>At least this share of the crude importance must be the confounder's.</summary>
    public const double Share = 0.5;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Explained(Moved)
            .Where(e => e.Dimension == SegmentBuilder.Overall && e.Feature.Length > 0)
            .Select(e => (Moved: e, Adjusted: context.Beside(e, Adjusted)))
            // Holding the confounder that a feature is leaves nothing of it, which tells nobody anything.
            .Where(p => !IsItself(context, p.Moved))
            .Where(p => p.Adjusted is { } a && p.Moved.Value >= Share * (p.Moved.Value + a.Value))
            .Select(p =>
                (
                    Evidence: context.Of(p.Moved, context.Margin, remarks: false) with
                    {
                        Said = FindingKind.Proxy,
                    },
                    p.Adjusted
                )
            )
            .Where(p => p.Evidence.IsShown && p.Evidence.Estimate.Value > 0)
            .GroupBy(p => (p.Evidence.Estimate.Feature, Confounder(p.Evidence.Estimate)))
            // Several ways to hold one confounder: the one that moved it surest.
            .Select(g =>
                g.OrderBy(p => Grading.Of(p.Evidence).Grade).ThenBy(p => p.Evidence.Estimate.PAdjusted).First()
            )
            .Select(p => Draft(context, p.Evidence, p.Adjusted!));

    /// <summary>"popularity" of "stratified:popularity".</summary>
    public static string Confounder(Estimate e) => e.Method[(e.Method.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static bool IsItself(FindingContext context, Estimate e) =>
        context.Study.Confounders.Any(c => c.Name == Confounder(e) && c.Feature == e.Feature);

    private static FindingDraft Draft(FindingContext context, Evidence evidence, Estimate adjusted)
    {
        var e = evidence.Estimate;
        var (title, confounder) = (context.Names.Title(e.Feature), context.Names.Title(Confounder(e)));
        var crude = e.Value + adjusted.Value;
        return new()
        {
            Evidence = evidence,
            Features = [e.Feature, Confounder(e)],
            Effect =
                $"{title} seems to stand in for {confounder}: of the {Text.Number(crude)} of AUC that the model loses without it, {Text.Percent(Math.Min(1, e.Value / crude))} goes away where {confounder} is held.",
            ToDo =
                $"Find out whether {title} does anything of its own before building on it; look at {confounder} instead.",
            Alternatives = [$"{title} works through {confounder}, so that holding the one hides the other"],
            OwnAlternativesOnly = true,
            Assumptions = [$"holding {confounder} leaves its values as alike as they would be in an experiment"],
        };
    }
}
