namespace Assay.Studies;

/// <summary>Sensitive features that the model leans on: people must judge that, not numbers.</summary>
internal sealed class SensitiveActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context
            .Study.Governance.SensitiveOf(context.Features)
            .Select(f => context.Best(f.Name, FindingKind.FeatureMatters, FindingKind.FeatureHurts))
            .OfType<Finding>()
            .Select(f => Draft(context, f));

    private static ActionDraft Draft(ActionContext context, Finding f)
    {
        var title = context.Names.Title(f.Feature);
        return new ActionDraft
        {
            Kind = ActionKind.ReviewSensitiveReliance,
            Of = f.Feature,
            Title = $"Review whether the model may lean on {title}",
            Features = [f.Feature],
            IsSafeguard = true,
            Evidence =
            [
                ActionContext.Cite(f),
                .. context
                    .Of(FindingKind.SegmentDifference, FindingKind.Needed, FindingKind.Retirable)
                    .Where(x => x.Feature == f.Feature)
                    .Select(x => ActionContext.Cite(x, needed: false)),
            ],
            Effect = new(
                "auc",
                -f.Value,
                -f.Interval?.High,
                -f.Interval?.Low,
                EffectBasis.SizeOnly,
                $"What the fixed model loses without it is {Text.Number(f.Value)} of AUC; a refit would lose less."
            ),
            Cost = new("low", "A review by privacy and fairness; a refit without it, if they say so."),
            Risk = new("high", "Law or trust may be broken while it stays; others may stand in for it when it goes."),
            NothingMayBeLost = true,
            Change = $"the model refitted without {title}",
            Offline = $"Refit without {title} and compare AUC, overall and for the groups it tells apart.",
            Guardrails = [$"each group that {title} tells apart: none worse"],
            First = $"Show the reviewers the findings on {title}, and decide whether it may stay.",
        };
    }
}
