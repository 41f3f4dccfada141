namespace Assay.Studies;

/// <summary>Crosses that gained when added and refitted.</summary>
internal sealed class CrossActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context.Of(FindingKind.CrossGains).Select(f => Draft(context, f));

    private static ActionDraft Draft(ActionContext context, Finding f)
    {
        var title = context.Names.Title(f.Feature);
        return new ActionDraft
        {
            Kind = ActionKind.AddCross,
            Of = f.Feature,
            Title = $"Add the cross {title} to the network",
            Features = f.Features,
            Evidence = [ActionContext.Cite(f)],
            Effect = new(
                "auc",
                f.Value,
                f.Interval?.Low,
                f.Interval?.High,
                EffectBasis.MeasuredByRefit,
                $"Refits with it gain {Text.Number(f.Value)} of AUC on rows not used for fitting."
            ),
            Cost = new("medium", "A table for the pairs must be trained and served: one more lookup a row."),
            Risk = new("low", "Pairs seen rarely are learnt badly; the table grows with both vocabularies."),
            Change = $"the model refitted with the cross {title}",
            Offline = $"Refit with the cross on the newest rows, three seeds or more, and compare AUC.",
            Guardrails = ["pairs seen rarely in training: none worse"],
            First = $"Refit with the cross on the newest rows, and look at the rare pairs.",
        };
    }
}
