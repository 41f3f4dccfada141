namespace Assay.Studies;

/// <summary>Crosses that gained when added and refitted; those that residuals only hint at are a question to refits.</summary>
internal sealed class CrossActions : IActionProposer
{
    /// <summary>Logloss that a cross would save by the model's residuals.</summary>
    public const string Missing = "missing_cross_" + Estimands.LogLoss;

    private const int Asked = 5;

    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        // One cross may be tried in several ways: the best supported speaks for it, between equals the whole refit.
        foreach (var tried in context.Of(FindingKind.CrossGains).GroupBy(f => f.Feature))
            yield return Draft(context, tried.OrderBy(f => f.Grade).ThenBy(f => f.Method != "refit").First());
        var known = context.Facts.OfRefits(CrossFindings.Cross).Select(e => e.Feature).ToHashSet();
        Estimate[] hints =
        [
            .. context
                .Facts.Explained(Missing)
                .Where(e => e.Value > 0 && e.PAdjusted < Grading.Level && !known.Contains(e.Feature))
                .OrderByDescending(e => e.Value)
                .Take(Asked),
        ];
        if (hints.Length > 0)
            yield return Question(context, hints);
    }

    private static ActionDraft Draft(ActionContext context, Finding f)
    {
        var title = context.Names.Title(f.Feature);
        return Draft(
            f.Feature,
            $"Add the cross {title} to the network",
            $"the model refitted with the cross {title}"
        ) with
        {
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
        };
    }

    private static ActionDraft Question(ActionContext context, Estimate[] hints)
    {
        var titles = Text.List([.. hints.Select(e => context.Names.Title(e.Feature))]);
        string[] pairs = [.. hints.Select(e => e.Feature)];
        return Draft(
            string.Join('+', pairs),
            $"Add the cross {titles} to the network",
            $"the model refitted with {titles}"
        ) with
        {
            Features = [.. pairs.SelectMany(p => p.Split('*')).Distinct()],
            Evidence =
            [
                .. hints.Select(e =>
                    context.Cite(
                        context.Facts.Of(e, remarks: false),
                        $"The model's errors follow {context.Names.Title(e.Feature)}: a cross would save about {Text.Number(e.Value)} of logloss."
                    )
                ),
            ],
            Effect = new(
                "logloss",
                hints[0].Value,
                null,
                null,
                EffectBasis.SizeOnly,
                $"The first would save about {Text.Number(hints[0].Value)} of logloss, by the model's residuals."
            ),
            MissingStep =
                $"add the cross and refit, three seeds or more (`crosses: {{try: [{string.Join(", ", pairs)}]}}` with `retrain:`)",
        };
    }

    private static ActionDraft Draft(string of, string title, string change) =>
        new()
        {
            Kind = ActionKind.AddCross,
            Of = of,
            Title = title,
            Evidence = [],
            Cost = new("medium", "A table for the pairs must be trained and served: one more lookup a row."),
            Risk = new("low", "Pairs seen rarely are learnt badly; the table grows with both vocabularies."),
            Change = change,
            Offline = "Refit with the cross on the newest rows, three seeds or more, and compare AUC.",
            Guardrails = ["pairs seen rarely in training: none worse"],
            First = "Refit with the cross on the newest rows, and look at the rare pairs.",
        };
}
