namespace Assay.Studies;

/// <summary>From findings to actions in order.</summary>
internal static class ActionMaker
{
    /// <summary>The kinds of actions: one file each.</summary>
    public static readonly IReadOnlyList<IActionProposer> Proposers =
    [
        new LeakOrProxyActions(),
        new SensitiveActions(),
        new DataActions(),
        new RetireActions(),
        new MissingValueActions(),
        new BlindSegmentActions(),
        new SegmentPartActions(),
        new CrossActions(),
        new HistoryActions(),
        new ExplorationActions(),
        new RepresentationActions(),
        new ObjectiveActions(),
        new ParityActions(),
    ];

    public static IReadOnlyList<StudyAction> Of(
        StudyPlan plan,
        FindingContext facts,
        IReadOnlyList<Finding> findings,
        IReadOnlyList<SplitData> splits,
        ServingCost serving
    )
    {
        var segments = splits[0].Segments.ToDictionary(s => (s.Dimension, s.Name));
        return Of(
            new ActionContext(facts, findings)
            {
                Features = [.. plan.Features.Select(f => f.Entry)],
                Serving = serving,
                Traffic = (dimension, segment) =>
                    segments.TryGetValue((dimension, segment), out var s)
                        ? Traffic.Of(s.Labels, s.Local, s.Clusters.Length)
                        : null,
            }
        );
    }

    public static IReadOnlyList<StudyAction> Of(ActionContext context)
    {
        // A model that knows no more than trivial rules has one thing to mend; whatever else it suggests is noise.
        var proposers = context.Facts.LearntNothing ? [new DataActions()] : Proposers;
        return Ranked(
            [.. proposers.SelectMany(p => p.Of(context)).Select(d => Finish(context, d))],
            context.Study.Actions.Value is not null
        );
    }

    private static StudyAction Finish(ActionContext context, ActionDraft draft)
    {
        var needed = draft.Evidence.Where(e => e.Evidence.IsNeeded).ToArray();
        var grade = needed.Max(e => e.Evidence.Grade);
        var isEvidence = grade > Grade.B || draft.MissingStep is not null;
        var missing = isEvidence ? Missing(draft, needed, grade) : [];
        var value = ActionPricing.Of(context.Study.Actions.Value, draft.Effect, draft.Savings);
        var name = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(draft.Kind.ToString());
        return new StudyAction
        {
            Id = isEvidence ? $"collect_evidence/{name}/{draft.Of}" : $"{name}/{draft.Of}",
            Kind = isEvidence ? ActionKind.CollectEvidence : draft.Kind,
            Decides = isEvidence ? draft.Kind : null,
            Tier =
                isEvidence ? ActionTier.Evidence
                : draft.IsSafeguard ? ActionTier.Safeguard
                : value is { High: < 0 } ? ActionTier.NotWorthIt
                : ActionTier.Improve,
            Rank = 0,
            CautiousRank = 0,
            Title = isEvidence ? $"Collect evidence on whether to {Lower(draft.Title)}" : draft.Title,
            Target = new(draft.Features, draft.Dimension, draft.Segments),
            Evidence = [.. draft.Evidence.Select(e => e.Evidence)],
            Grade = grade,
            Missing = missing,
            Effect = draft.Effect,
            Savings = draft.Savings,
            Value = value,
            Cost = draft.Cost,
            Risk = draft.Risk,
            Experiment = isEvidence ? null : ActionDesign.Of(context, draft),
            First = isEvidence ? $"{Upper(missing[0])}." : draft.First,
        };
    }

    private static IReadOnlyList<string> Missing(ActionDraft draft, Cited[] needed, Grade grade) =>
        [
            .. (draft.MissingStep is { } step ? (string[])[step] : [])
                .Concat(grade > Grade.B ? needed.Where(e => e.Evidence.Grade > Grade.B).SelectMany(e => e.Missing) : [])
                .Distinct(),
        ];

    /// <summary>In order of tier and expected value; the place in the cautious order beside it. Ties keep the proposers' order.</summary>
    private static IReadOnlyList<StudyAction> Ranked(StudyAction[] actions, bool priced)
    {
        StudyAction[] By(Func<StudyAction, double> worth) =>
            [
                .. actions
                    .OrderBy(a => a.Tier)
                    .ThenByDescending(a => ActionPricing.IsComparable(a, priced))
                    .ThenByDescending(worth),
            ];
        var cautious = By(ActionPricing.Cautious).Select((a, i) => (a.Id, i)).ToDictionary(p => p.Id, p => p.i + 1);
        return [.. By(ActionPricing.Expected).Select((a, i) => a with { Rank = i + 1, CautiousRank = cautious[a.Id] })];
    }

    private static string Lower(string title) => char.ToLowerInvariant(title[0]) + title[1..];

    private static string Upper(string clause) => char.ToUpperInvariant(clause[0]) + clause[1..];
}
