namespace Assay.Studies;

/// <summary>Where in a history what counts lies: in its newest fifth, or in its older half.</summary>
internal sealed class HistoryActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context.Features.Where(f => f.IsList && f.HasIds).Select(f => Draft(context, f)).OfType<ActionDraft>();

    private static ActionDraft? Draft(ActionContext context, FeatureEntry history)
    {
        Estimate[] places =
        [
            .. context
                .Facts.Explained(Estimands.Permutation + Estimands.Auc)
                .Where(e =>
                    e.Dimension == SegmentBuilder.Overall
                    && e.Feature.StartsWith($"{history.Name}[", StringComparison.Ordinal)
                ),
        ];
        // A place has an age only where short lists are filled up on the old side.
        if (places.Length < 4 || places.Length != history.Length || history.PadsLeft == history.KeepsFirst)
            return null;
        // Newest first.
        if (!history.KeepsFirst)
            Array.Reverse(places);
        var clear = places.Select(e => e.Low > 0 ? e.Value : 0).ToArray();
        var total = clear.Sum();
        if (!(total > 0))
            return null;
        var (fifth, half) = (Math.Max(1, places.Length / 5), places.Length / 2);
        var (recent, old) = (clear.Take(fifth).Sum() / total, clear.Skip(half).Sum() / total);
        return recent >= 0.6
                ? Module(
                    context,
                    history,
                    places.MaxBy(e => e.Value)!,
                    "short",
                    recent,
                    $"newest {fifth} of {places.Length}"
                )
            : old >= 0.5
                ? Module(
                    context,
                    history,
                    places.Skip(half).MaxBy(e => e.Value)!,
                    "long",
                    old,
                    $"oldest {places.Length - half} of {places.Length}"
                )
            : null;
    }

    private static ActionDraft Module(
        ActionContext context,
        FeatureEntry history,
        Estimate strongest,
        string term,
        double share,
        string which
    )
    {
        var title = context.Names.Title(history.Name);
        var says = $"Of what single places of {title} count, {Text.Percent(share)} lies in the {which} events.";
        return new ActionDraft
        {
            Kind = ActionKind.AddHistoryModule,
            Of = $"{history.Name}/{term}-term",
            Title = $"Add a {term}-term module for {title}",
            Features = [history.Name],
            Evidence =
            [
                context.Best(history.Name, FindingKind.FeatureMatters) is { } whole
                    ? ActionContext.Cite(whole)
                    : context.Cite(context.Facts.Of(strongest), says),
                new(
                    new(
                        $"{strongest.Feature}/{strongest.Estimand}/{strongest.Method}/overall=all",
                        false,
                        false,
                        Grade.C,
                        says
                    ),
                    [],
                    strongest.StandardError
                ),
            ],
            Effect = new("share", share, null, null, EffectBasis.SizeOnly, says),
            Cost = new(
                "high",
                term == "short"
                    ? "Events must reach serving within the session, and a module must be trained."
                    : "Longer histories must be kept, summarised and served."
            ),
            Risk = new(
                "medium",
                "Single places are exchanged one at a time: events that say the same hide each other."
            ),
            Change = $"the model with a {term}-term module for {title}",
            Offline = $"Refit with the module, three seeds or more, and compare AUC.",
            First =
                term == "short"
                    ? $"Refit with the newest events of {title} given twice: once as now, once apart."
                    : $"Refit with {title} twice as long, and see what that gains.",
        };
    }
}
