namespace Assay.Studies;

/// <summary>
/// Features that count where they are known, and are often not: importance given presence × share of rows that lack it.
/// Mostly there: repair; mostly missing: collect.
/// </summary>
internal sealed class MissingValueActions : IActionProposer
{
    /// <summary>Below this share of rows a feature is to be collected rather than repaired.</summary>
    public const double MostlyThere = 0.5;

    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context
            .Facts.Explained(Estimands.Opportunity + Estimands.Auc)
            .Where(e => e.Dimension == SegmentBuilder.Overall && context.IsFeature(e.Feature))
            // What is within the margin would not be noticed even if the assumption holds.
            .Where(e => e.Low > 0 && e.High > context.Margin)
            .Select(e => Draft(context, e));

    private static ActionDraft Draft(ActionContext context, Estimate e)
    {
        var title = context.Names.Title(e.Feature);
        var coverage = context.Facts.Beside(e, Estimands.Coverage, Estimands.Data)?.Value ?? double.NaN;
        var importance = context.Best(e.Feature, FindingKind.FeatureMatters);
        var collect = coverage < MostlyThere;
        var says =
            $"{title} is known for {Text.Percent(coverage)} of the rows; filling in the rest might gain up to {Text.Number(e.Value)} of AUC.";
        // The size is that of a fixed model; that the feature counts must be known given the others.
        var opportunity = context.Cite(context.Facts.Of(e) with { Backing = Backing(context, e) }, says);
        return new ActionDraft
        {
            Kind = collect ? ActionKind.CollectSignal : ActionKind.EnrichFeature,
            Of = e.Feature,
            Title = collect ? $"Collect {title} for more rows" : $"Repair and fill in {title}",
            Features = [e.Feature],
            Evidence =
            [
                opportunity,
                .. importance is null ? [] : (Cited[])[ActionContext.Cite(importance, needed: false)],
            ],
            Effect = ActionContext.Effect(
                e,
                1,
                EffectBasis.AtMost,
                $"Up to {Text.Number(e.Value)} of AUC, if rows that lack it are like those that have it and the model stays as it is."
            ),
            Cost = collect
                ? new("high", "A source for the rows that lack it must be found, logged and kept.")
                : new("medium", "The pipeline must be mended, or values bought or derived."),
            Risk = new(
                "medium",
                "That it is missing may itself say something, which filling in would take away; values filled in may be wrong."
            ),
            Change = $"the model refitted on rows with {title} filled in",
            Offline =
                $"Fill in {title} for a sample of the rows that lack it, refit, and compare AUC on rows not used for fitting.",
            Guardrails = ["the rows that always had it: none worse"],
            First = $"Look at a hundred rows that lack {title}: why it is missing, and what it would have been.",
        };
    }

    private static Evidence? Backing(ActionContext context, Estimate e) =>
        context.Facts.Overall(Estimands.Conditional + Estimands.Auc, Exchange.Conditional, e.Feature) is { } conditional
        && context.Facts.Of(conditional) is { Kind: FindingKind.FeatureMatters } matters
            ? matters
            : null;
}
