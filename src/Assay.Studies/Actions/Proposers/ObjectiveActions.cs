namespace Assay.Studies;

/// <summary>A model that orders rows between lists and not within them was trained for something else than it is used for.</summary>
internal sealed class ObjectiveActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        if (
            context.Facts.Overall(Estimands.Auc, "model", "") is not { Low: > 0.5 } auc
            || context.Facts.Overall(Estimands.Gauc, "model", "") is not { } gauc
            || !(gauc.High < QualityGap.Halfway(auc))
        )
            yield break;
        yield return new ActionDraft
        {
            Kind = ActionKind.ReconsiderObjective,
            Of = "within-lists",
            Title = "Train for the order within lists",
            Evidence =
            [
                context.Cite(
                    QualityGap.Of(context, gauc, auc),
                    $"The model tells rows apart (AUC {Text.Number(auc.Value)}), and little within a list (GAUC {Text.Number(gauc.Value)}): it knows which lists are good, not which rows of a list."
                ),
            ],
            Effect = new(
                "gauc",
                auc.Value - gauc.Value,
                auc.Low - gauc.High,
                auc.High - gauc.Low,
                EffectBasis.SizeOnly,
                $"GAUC lies {Text.Number(auc.Value - gauc.Value)} below AUC; how much of that another objective wins, a refit must say."
            ),
            Cost = new("medium", "A pairwise or listwise loss, and batches that hold whole lists."),
            Risk = new("medium", "Probabilities are no longer calibrated and need a step of their own."),
            Change = "the model refitted with a loss within lists",
            Offline = "Refit with a pairwise loss within lists, three seeds or more, and compare GAUC.",
            Guardrails = ["AUC over all rows, where scores are compared across lists"],
            First = "Ask what the score is used for: ordering a list, or comparing between lists.",
        };
    }
}
