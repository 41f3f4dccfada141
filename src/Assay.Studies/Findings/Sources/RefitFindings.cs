namespace Assay.Studies;

/// <summary>
/// What is lost when the model is refitted without a feature: whether it can be retired (the loss surely stays below the
/// margin), is needed (it surely lies above), or neither is settled.
/// </summary>
internal sealed class RefitFindings : IFindingSource
{
    public const string Loco = "loco_" + Estimands.Auc;

    private const string Either = "the loss may lie on either side of the margin";

    public IEnumerable<FindingDraft> Of(FindingContext context)
    {
        foreach (var e in context.OfRefits(Loco).Where(e => e.Feature.Length > 0))
            yield return Alone(context, Judged(context.Of(e, context.Margin, remarks: false)));
        var rows = context.OfRefits(Retiring.Estimand).ToArray();
        var isAlone = rows.All(e => e.Method != Retiring.Together);
        foreach (var e in rows.Where(e => e.Method == Retiring.Besides))
        {
            var evidence = Judged(context.Of(e, Retiring.MarginOf(context.Study), remarks: false));
            yield return Besides(context, evidence, isAlone ? "" : " and without what can be retired");
        }
    }

    private static Evidence Judged(Evidence e) =>
        e with
        {
            Said =
                !e.HasInterval ? FindingKind.NotSettled
                : e.Estimate.High <= e.Margin ? FindingKind.Retirable
                : e.Estimate.Low > e.Margin ? FindingKind.Needed
                : FindingKind.NotSettled,
        };

    private static FindingDraft Alone(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        return new()
        {
            Evidence = evidence,
            Grade = Graded(evidence, "more seeds (`retrain: {seeds: …}`) or independent units"),
            Effect = evidence.Kind switch
            {
                FindingKind.Retirable =>
                    $"{title} can be retired: refitted without it the model loses at most {Text.Number(Math.Max(e.High, 0))} of AUC, which counts as negligible (up to {Text.Number(evidence.Margin)}).",
                FindingKind.Needed =>
                    $"{title} is needed: refitted without it the model loses {Wording.Amount(e.Value, context.Lead)}, surely more than {Text.Number(evidence.Margin)} of AUC.",
                _ =>
                    $"Whether {title} can be retired is not settled: refitted without it the model loses between {Text.Number(e.Low)} and {Text.Number(e.High)} of AUC, where up to {Text.Number(evidence.Margin)} is negligible.",
            },
            ToDo = ToDo(evidence.Kind),
        };
    }

    private static FindingDraft Besides(FindingContext context, Evidence evidence, string without)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        var isSpared = evidence.Kind == FindingKind.Retirable;
        // It would be a set of its own, outside the order in which sets were judged: no proposal.
        if (isSpared)
            evidence = evidence with { Said = FindingKind.NotSettled };
        return new()
        {
            Evidence = evidence,
            Grade = Graded(
                evidence,
                isSpared
                    ? "a study that proposes it, with more seeds (`retire: {seeds: …}`)"
                    : "more seeds in the judging (`retire: {seeds: …}`) or independent units; the report and `run.json` say which"
            ),
            Effect =
                isSpared
                    ? $"{title} is not needed, nor proposed for retirement: refitted without it{without} the model loses at most {Text.Number(Math.Max(e.High, 0))} of AUC (margin {Text.Number(evidence.Margin)}), but the sets judged in order ended before it."
                : evidence.Kind == FindingKind.Needed
                    ? $"{title} is needed: refitted without it{without} the model loses {Wording.Amount(e.Value, context.Lead)}, surely more than {Text.Number(evidence.Margin)} of AUC."
                : $"Whether {title} can be retired is undecided: refitted without it{without} the model loses between {Text.Number(e.Low)} and {Text.Number(e.High)} of AUC, where up to {Text.Number(evidence.Margin)} is negligible.",
            ToDo = ToDo(evidence.Kind),
        };
    }

    private static string ToDo(FindingKind kind) =>
        kind == FindingKind.Retirable
            ? "Retire it, with an experiment that watches what the label does not see."
            : "Keep it; other features cannot make up for it.";

    /// <summary>The grade, with what decides in place of the words about effects, where the margin is not settled.</summary>
    private static Graded Graded(Evidence evidence, string decides)
    {
        var graded = Grading.Of(evidence);
        return evidence is { Kind: FindingKind.NotSettled, HasInterval: true } && graded.Reasons is [Grading.Unsettled]
            ? graded with
            {
                Reasons = [Either],
                Missing = [decides],
            }
            : graded;
    }
}
