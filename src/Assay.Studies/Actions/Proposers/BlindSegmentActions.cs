namespace Assay.Studies;

/// <summary>Segments in which the model tells nothing apart: no feature it has speaks there, so another signal is needed.</summary>
internal sealed class BlindSegmentActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        if (context.Facts.Overall(Estimands.Auc, "model", "") is not { } whole)
            yield break;
        foreach (var e in context.Facts.Explained(Estimands.Auc))
        {
            if (e.Method != "model" || e.Dimension == SegmentBuilder.Overall || !(e.High < QualityGap.Halfway(whole)))
                continue;
            yield return Draft(context, e, whole);
        }
    }

    private static ActionDraft Draft(ActionContext context, Estimate e, Estimate whole)
    {
        var where = $"where {context.Names.Dimension(e.Dimension)} is {e.SegmentLabel}";
        var says =
            $"The model knows little {where}: its AUC is {Text.Number(e.Value)}, over all rows {Text.Number(whole.Value)}.";
        var cited = context.Cite(QualityGap.Of(context, e, whole), says);
        return new ActionDraft
        {
            Kind = ActionKind.CollectSignal,
            Of = $"{e.Dimension}={e.Segment}",
            Title = $"Collect a signal {where}",
            Dimension = e.Dimension,
            Segments = [e.Segment],
            Labels = [e.SegmentLabel],
            Evidence = [cited],
            Effect = new(
                "auc",
                whole.Value - e.Value,
                whole.Low - e.High,
                whole.High - e.Low,
                EffectBasis.SizeOnly,
                $"The model is {Text.Number(whole.Value - e.Value)} of AUC behind its average there; how much of that a signal would win is not known."
            ),
            Cost = new("high", "A signal must be found, logged, kept and learnt from."),
            Risk = new("medium", "There may be nothing to know there."),
            Change = "the model refitted with the new signal",
            Offline = "Refit with the signal on logged rows and compare AUC in the segment.",
            First = $"Ask domain people what decides {where} that no feature holds.",
        };
    }
}
