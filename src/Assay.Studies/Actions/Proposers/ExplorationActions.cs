namespace Assay.Studies;

/// <summary>Drivers that pass: present on average and absent in some period or group, where the model should doubt itself.</summary>
internal sealed class ExplorationActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context
            .Of(FindingKind.Passing)
            .GroupBy(f => f.Dimension)
            .Select(g => Draft(context, [.. g.OrderBy(f => f.Grade)]));

    private static ActionDraft Draft(ActionContext context, Finding[] found)
    {
        var f = found[0];
        string[] features = [.. found.Select(x => x.Feature).Distinct()];
        var titles = Text.List([.. features.Take(4).Select(context.Names.Title)]);
        var over =
            f.Dimension == SegmentBuilder.Overall ? "period" : $"group of {context.Names.Dimension(f.Dimension)}";
        return new ActionDraft
        {
            Kind = ActionKind.ChangeExploration,
            Of = f.Dimension,
            Title = $"Explore more in the {over} where {titles} does not hold",
            Features = features,
            Dimension = SegmentBuilder.Overall,
            Evidence = [ActionContext.Cite(f), .. found.Skip(1).Select(x => ActionContext.Cite(x, needed: false))],
            Effect = new(
                "auc",
                Math.Abs(f.Value),
                null,
                null,
                EffectBasis.SizeOnly,
                $"In the weakest {over} the model loses {Text.Number(f.Value)} of AUC without it, so that there it leans on what does not hold."
            ),
            Cost = new("medium", "Some rows are shown that the model would not choose."),
            Risk = new("medium", "Exploration costs now and pays later; too much is noticed by users."),
            Change = $"a larger share of exploration in that {over}",
            Guardrails = ["the share of rows shown for exploration: no more than agreed"],
            First = $"Find the {over} in the table of segments, and agree on a share of exploration for it.",
        };
    }
}
