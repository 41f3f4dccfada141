namespace Assay.Studies;

/// <summary>Features that stand in for a confounder, or say so much that they may hold the answer.</summary>
internal sealed class LeakOrProxyActions : IActionProposer
{
    /// <summary>A feature without which more than this share of the model's lead is lost is looked at.</summary>
    public const double SuspiciousShare = 0.8;

    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        foreach (var proxy in context.Of(FindingKind.Proxy).GroupBy(f => f.Feature))
            yield return Proxy(context, [.. proxy.OrderBy(f => f.Grade)]);
        var lead = context.Facts.Lead;
        foreach (var f in context.Of(FindingKind.FeatureMatters))
            if (
                lead > 0
                && f.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal)
                && context.IsFeature(f.Feature)
                && f.Interval?.Low > SuspiciousShare * lead
                && context.Best(f.Feature, FindingKind.FeatureMatters) == f
            )
                yield return Leak(context, f, lead);
    }

    private static ActionDraft Proxy(ActionContext context, Finding[] found)
    {
        var (f, title) = (found[0], context.Names.Title(found[0].Feature));
        var behind = Text.List([
            .. found.SelectMany(x => x.Features).Where(x => x != f.Feature).Distinct().Select(context.Names.Title),
        ]);
        return Draft(f, $"Find out whether {title} does more than stand in for {behind}") with
        {
            Evidence = [ActionContext.Cite(f), .. found.Skip(1).Select(x => ActionContext.Cite(x, needed: false))],
            Effect = new(
                "auc",
                f.Value,
                f.Interval?.Low,
                f.Interval?.High,
                EffectBasis.SizeOnly,
                $"{Text.Number(f.Value)} of AUC of its importance goes away once {behind} is held."
            ),
            Change = $"the model refitted with {behind} held at one value when serving, and weighted for when fitting",
            First = $"Compare rows alike in {behind} that differ in {title}: does the label still follow it?",
        };
    }

    private static ActionDraft Leak(ActionContext context, Finding f, double lead)
    {
        var title = context.Names.Title(f.Feature);
        return Draft(f, $"Find out whether {title} knows the answer beforehand") with
        {
            Of = $"{f.Feature}/leak",
            Evidence = [ActionContext.Cite(f)],
            Effect = new(
                "auc",
                f.Value,
                f.Interval?.Low,
                f.Interval?.High,
                EffectBasis.SizeOnly,
                $"{Text.Percent(f.Value / lead)} of all that the model knows is gone without it."
            ),
            Change = $"the model refitted without {title}",
            First = $"Find out when {title} is written: before the row is shown, or after the label is known?",
        };
    }

    private static ActionDraft Draft(Finding f, string title) =>
        new()
        {
            Kind = ActionKind.InvestigateLeakOrProxy,
            Of = f.Feature,
            Title = title,
            Features = [f.Feature],
            Evidence = [],
            IsSafeguard = true,
            Cost = new("low", "A look at how and when the feature is made, by its owner."),
            Risk = new("high", "If it leaks or stands in, every number that rests on it is void in service."),
            Change = "",
            First = "",
        };
}
