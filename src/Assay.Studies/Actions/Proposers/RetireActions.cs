namespace Assay.Studies;

/// <summary>
/// Takes features out that refits do not miss. What is merely unimportant to the fixed model is a question to refits: asked
/// once for all such features.
/// </summary>
internal sealed class RetireActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        foreach (var f in context.Of(FindingKind.Retirable).Where(f => context.IsFeature(f.Feature)))
            yield return Confirmed(context, f);
        var asked = context
            .Of(FindingKind.Retirable, FindingKind.Needed)
            .Select(f => f.Feature)
            .Concat(context.Facts.Explained(RefitFindings.Loco).Select(e => e.Feature))
            .ToHashSet();
        Finding[] idle =
        [
            .. context
                .Features.Where(f => !asked.Contains(f.Name))
                .Select(f => Idle(context, f.Name))
                .OfType<Finding>(),
        ];
        if (idle.Length > 0)
            yield return Question(context, idle);
    }

    // Given the other features or not: no way of measuring may say that it matters.
    private static Finding? Idle(ActionContext context, string feature) =>
        context.Best(feature, FindingKind.FeatureMatters) is null
            ? context.Best(feature, FindingKind.FeatureDoesNotMatter)
            : null;

    private static ActionDraft Confirmed(ActionContext context, Finding f)
    {
        var title = context.Names.Title(f.Feature);
        var savings = context.Serving.Without([f.Feature]);
        var saves = savings is null
            ? "no table of its own falls away"
            : $"{Text.Count(savings.TableBytes)} bytes of tables and {savings.LookupsPerRow} lookups a row fall away";
        return new ActionDraft
        {
            Kind = ActionKind.RetireFeature,
            Of = f.Feature,
            Title = $"Retire {title}",
            Features = [f.Feature],
            Evidence =
            [
                ActionContext.Cite(f),
                .. Idle(context, f.Feature) is { } idle ? (Cited[])[ActionContext.Cite(idle, needed: false)] : [],
            ],
            Effect = new(
                "auc",
                -f.Value,
                -f.Interval?.High,
                -f.Interval?.Low,
                EffectBasis.MeasuredByRefit,
                $"Refitted without it the model changes by {Text.Number(-f.Value)} of AUC, at worst {Text.Number(-(f.Interval?.High ?? f.Value))}; {saves}."
            ),
            Savings = savings,
            Cost = new("low", "One refit, and taking the feature out of the pipeline."),
            Risk = new(
                "low",
                "A group too small to show in the average may depend on it; keep logging it until the experiment is over."
            ),
            NothingMayBeLost = true,
            Change = $"the model refitted without {title}",
            Offline = $"Refit without {title}, three seeds or more, and compare AUC on rows of a later period.",
            Guardrails = [$"groups for which {title} was made: none worse"],
            First =
                $"Refit without {title} on the newest rows, and confirm the loss stays below {Text.Number(context.Margin)} of AUC.",
        };
    }

    private static ActionDraft Question(ActionContext context, Finding[] idle)
    {
        string[] features = [.. idle.Select(f => f.Feature)];
        var named = Text.List([.. features.Take(6).Select(context.Names.Title)]);
        var more = features.Length > 6 ? $" and {features.Length - 6} more" : "";
        return new ActionDraft
        {
            Kind = ActionKind.RetireFeature,
            Of = string.Join('+', features),
            Title = $"Retire {named}{more}",
            Features = features,
            Evidence = [.. idle.Select(f => ActionContext.Cite(f))],
            Savings = context.Serving.Without(features),
            Cost = new("medium", "At least three refits for each feature."),
            Risk = new("low", "None until something is retired."),
            Change = "the model refitted without them",
            First = "",
            MissingStep =
                $"refit without each of them, three seeds or more (`retrain: {{drop: [{string.Join(", ", features)}]}}`): the fixed model cannot say what a refit would make of the others",
        };
    }
}
