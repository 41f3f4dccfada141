namespace Assay.Studies;

/// <summary>
/// Features whose rows no longer look like those of training. Missing more often, or full of ids that training does not
/// have: the pipeline is repaired. All others: one refit on newer rows.
/// </summary>
internal sealed class ParityActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        var byFeature = context
            .Of(FindingKind.Drifted)
            .OrderBy(f => f.Grade)
            .ThenByDescending(f => Math.Abs(f.Value))
            .GroupBy(f => f.Feature)
            .ToArray();
        var drifted = new List<Finding>();
        foreach (var feature in byFeature)
            if (Broken(context, [.. feature]) is { } says)
                yield return Repair(context, [.. feature], says);
            else
                drifted.AddRange(feature);
        if (drifted.Count > 0)
            yield return Retrain(context, drifted);
    }

    // What speaks for a break rather than for a changed world, as a clause; null: nothing does.
    private static string? Broken(ActionContext context, Finding[] found)
    {
        if (found.FirstOrDefault(f => f is { Estimand: Estimands.ParityMissing, Value: > 0 }) is { } missing)
            return $"its share of missing values rose by {Text.Percent(missing.Value)} of the rows";
        return
            context.Facts.Overall(Estimands.ParityUnseen, ParityJob.Method, found[0].Feature)
                is { Low: > ParityFindings.ManyUnseen } unseen
            ? $"{Text.Percent(unseen.Value)} of its ids never occurred in training"
            : null;
    }

    private static ActionDraft Repair(ActionContext context, Finding[] found, string says)
    {
        var title = context.Names.Title(found[0].Feature);
        return new ActionDraft
        {
            Kind = ActionKind.EnrichFeature,
            Of = $"{found[0].Feature}/pipeline",
            Title = $"Repair the pipeline of {title}: {says}",
            Features = [found[0].Feature],
            Evidence = Cited(found),
            Effect = Size(found[0]),
            Cost = new("low", "The difference must be found and mended; no refit is needed if service is what broke."),
            Risk = new("low", "If the values are right and only new, a repair hides them: refit then instead."),
            Change = $"the same model with {title} made as in training",
            Offline = $"Make {title} as in training for logged rows and compare AUC with the values as logged.",
            First = $"Compare how {title} is made in training and in service, on a hundred rows that are in both.",
        };
    }

    private static ActionDraft Retrain(ActionContext context, List<Finding> found)
    {
        string[] features = [.. found.Select(f => f.Feature).Distinct()];
        string[] titles = [.. features.Take(4).Select(context.Names.Title)];
        var more = features.Length - titles.Length;
        return new ActionDraft
        {
            Kind = ActionKind.Retrain,
            Of = "drift",
            Title =
                $"Retrain on newer rows: {(more > 0 ? $"{string.Join(", ", titles)} and {more} more" : Text.List(titles))} drifted",
            Features = features,
            Evidence = Cited(found),
            Effect = Size(found[0]),
            Cost = new("medium", "A refit on newer rows and its checks."),
            Risk = new(
                "low",
                "If the pipeline broke rather than the world changed, a refit learns the break: look first."
            ),
            Change = "the model refitted on newer rows",
            Offline = "Refit on newer rows and compare AUC on rows newer still.",
            First = $"Compare how {titles[0]} is made in training and in service; retrain only if both are right.",
        };
    }

    private static Cited[] Cited(IReadOnlyList<Finding> found) =>
        [.. found.Select((f, i) => ActionContext.Cite(f, needed: i == 0))];

    private static ExpectedEffect Size(Finding f) =>
        new(
            f.Estimand == Estimands.ParityPsi ? "psi" : "share",
            Math.Abs(f.Value),
            null,
            null,
            EffectBasis.SizeOnly,
            f.Sentences.Effect
        );
}
