namespace Assay.Studies;

/// <summary>
/// Takes features out that refits do not miss: as a set where a study removed them together, else one by one. What is
/// merely unimportant to the fixed model is a question to refits, asked once for all such features.
/// </summary>
internal sealed class RetireActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        var joint = JointRetirement.Of(context);
        if (joint is not null)
            yield return joint;
        string[] together = [.. joint?.Features ?? []];
        foreach (
            var f in context
                .Of(FindingKind.Retirable)
                .Where(f => context.IsFeature(f.Feature) && !together.Contains(f.Feature))
        )
            yield return Single(context, f);
        var asked = context
            .Facts.OfRefits(RefitFindings.Loco)
            .Concat(context.Facts.OfRefits(Retiring.Estimand))
            .Select(e => e.Feature)
            .ToHashSet();
        Finding[] idle =
        [
            .. context
                .Features.Where(f => !asked.Contains(f.Name))
                .Select(f => Idle(context, f.Name))
                .OfType<Finding>(),
        ];
        if (idle.Length > 0)
            yield return Question(
                context,
                idle,
                $"refit without them, three seeds or more (`retrain: {{retire: true}}`, or `drop: [{Names(idle)}]`): the fixed model cannot say what a refit would make of the others"
            );
        Finding[] undecided =
        [
            .. context
                .Of(FindingKind.NotSettled)
                .Where(f => f.Estimand == Retiring.Estimand && context.IsFeature(f.Feature)),
        ];
        if (undecided.Length > 0)
            yield return Question(
                context,
                undecided,
                $"judge {Names(undecided)} again with more seeds (`retire: {{seeds: …}}`) or more independent units: refits left undecided whether the loss is above the margin; the report's *What can be retired* says which would decide"
            );
    }

    /// <summary>That a feature does not matter, where no way of measuring says that it does.</summary>
    public static Finding? Idle(ActionContext context, string feature) =>
        context.Best(feature, FindingKind.FeatureMatters) is null
            ? context.Best(feature, FindingKind.FeatureDoesNotMatter)
            : null;

    /// <summary>What all retirements share.</summary>
    /// <param name="context">The study.</param>
    /// <param name="features">What goes.</param>
    /// <param name="loss">The loss of AUC in refits: value and ends.</param>
    public static ActionDraft Draft(
        ActionContext context,
        IReadOnlyList<string> features,
        (double Value, double? Low, double? High) loss
    )
    {
        var titles = Titles(context, features);
        var it = features.Count == 1 ? "it" : "them";
        var savings = context.Serving.Without(features);
        var saves = savings is null
            ? "no table falls away"
            : $"{Text.Count(savings.TableBytes)} bytes of tables and {savings.LookupsPerRow} lookups a row fall away";
        return new ActionDraft
        {
            Kind = ActionKind.RetireFeature,
            Of = string.Join('+', features),
            Title = $"Retire {titles}",
            Features = features,
            Evidence = [],
            Effect = new(
                "auc",
                -loss.Value,
                -loss.High,
                -loss.Low,
                EffectBasis.MeasuredByRefit,
                $"Refitted without {it} the model changes by {Text.Number(-loss.Value)} of AUC, at worst {Text.Number(-(loss.High ?? loss.Value))}; {saves}."
            ),
            Savings = savings,
            Cost = new("low", $"One refit, and taking {it} out of the pipeline."),
            Risk = new(
                "low",
                $"A group too small to show in the average may depend on {it}; keep logging {it} until the experiment is over."
            ),
            NothingMayBeLost = true,
            Change = $"the model refitted without {titles}",
            Offline = $"Refit without {it}, three seeds or more, and compare AUC on rows of a later period.",
            Guardrails = [$"groups for which {titles} {(features.Count == 1 ? "was" : "were")} made: none worse"],
            First =
                $"Refit without {it} on the newest rows, and confirm that the loss stays below {Text.Number(context.Margin)} of AUC.",
        };
    }

    private static ActionDraft Single(ActionContext context, Finding f) =>
        Draft(context, [f.Feature], (f.Value, f.Interval?.Low, f.Interval?.High)) with
        {
            Evidence =
            [
                ActionContext.Cite(f),
                .. Idle(context, f.Feature) is { } idle ? (Cited[])[ActionContext.Cite(idle, needed: false)] : [],
            ],
            Risk = new(
                "medium",
                "It was left out on its own: of two features that stand in for each other each may go, and not both. A group too small to show in the average may depend on it."
            ),
        };

    private static ActionDraft Question(ActionContext context, Finding[] idle, string missing)
    {
        string[] features = [.. idle.Select(f => f.Feature)];
        return new ActionDraft
        {
            Kind = ActionKind.RetireFeature,
            Of = string.Join('+', features),
            Title = $"Retire {Titles(context, features)}",
            Features = features,
            Evidence = [.. idle.Select(f => ActionContext.Cite(f))],
            Savings = context.Serving.Without(features),
            Cost = new("medium", "At least three refits for each feature or set."),
            Risk = new("low", "None until something is retired."),
            Change = "the model refitted without them",
            First = "",
            MissingStep = missing,
        };
    }

    private static string Names(Finding[] found) => string.Join(", ", found.Select(f => f.Feature));

    private static string Titles(ActionContext context, IReadOnlyList<string> features)
    {
        const int most = 6;
        string[] named = [.. features.Take(most).Select(context.Names.Title)];
        return features.Count > most
            ? $"{string.Join(", ", named)} and {features.Count - most} more"
            : Text.List(named);
    }
}
