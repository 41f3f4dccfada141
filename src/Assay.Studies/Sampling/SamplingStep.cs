namespace Assay.Studies;

/// <summary>
/// What each field alone, popularity alone and user × item alone tell about the label, and what that says about how the
/// rows were sampled.
/// </summary>
internal sealed class SamplingStep : IChainStep
{
    public string Name => "sampling";

    public string Gives =>
        "what each field alone can predict, and so what the sampling of rows may have made (sampling_check)";

    public bool IsAsked(StudyDefinition study) => study.SamplingCheck;

    public ChainResult Run(ChainContext context)
    {
        var splits = context.Splits;
        var estimates = splits.SelectMany((s, i) => Estimates(context, s, splits[splits.Count - 1 - i])).ToArray();
        estimates = [.. Families.Adjusted(Replicated(estimates, splits.Count > 1))];
        var signs = splits.Select(s => SamplingSigns.Of(context, s.Split, estimates)).ToArray();
        return new()
        {
            Estimates = estimates,
            Section = SamplingSection.Write(context, estimates, signs),
            Remarks = signs[0].Remarks,
            Facts = new
            {
                fitted_on = splits.Count > 1 ? "the other split, users of other folds" : "users of other folds",
                folds = SmoothedRates.Folds,
                prior_rows = SmoothedRates.Prior,
                FieldCodes.Bins,
                lists = "newest entry and length",
                signs = signs.ToDictionary(s => s.Split, s => s.Sentences),
            },
        };
    }

    private static IEnumerable<Estimate> Estimates(ChainContext context, SplitData judged, SplitData fitted)
    {
        var plan = context.Plan;
        var rules = new AloneRules(plan, judged, fitted);
        var combinations = rules.Combinations().Select(s => Estimate(context, judged, s)).ToArray();
        var fields = new Estimate[plan.Features.Count];
        MapStage.Parallel(
            context.Threads,
            fields.Length,
            (f, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                fields[f] = Estimate(context, judged, rules.Field(plan.Features[f])) with
                {
                    Group = plan.Features[f].Entry.Group ?? "",
                };
            },
            context.Options.Cancellation
        );
        return [.. fields, .. combinations];
    }

    private static Estimate Estimate(ChainContext context, SplitData data, AloneScores scores)
    {
        var auc = FoldedAuc.Of(data, data.Segments[0], scores.Scores, scores.Folds);
        var maker = new EstimateMaker(data, context.Head);
        // Against ½: it tells nothing.
        return maker.Make(
            data.Segments[0],
            Estimands.AloneAuc,
            scores.Method,
            auc.Drawn(data.Segments[0]),
            tested: true,
            range: EstimateMaker.Range.Share,
            none: 0.5
        ) with
        {
            Feature = scores.Feature,
        };
    }

    private static Estimate[] Replicated(Estimate[] estimates, bool hasHoldout)
    {
        var holdout = estimates.Where(e => e.Split == Splits.Holdout).ToDictionary(e => (e.Feature, e.Method));
        static int Side(Estimate e) =>
            e.Low > 0.5 ? 1
            : e.High < 0.5 ? -1
            : 0;
        return
        [
            .. estimates.Select(e =>
                e.Split == Splits.Holdout ? e
                : !hasHoldout ? e with { Replicated = Replication.NotTested }
                : Side(e) == 0 ? e
                : e with { Replicated = Side(holdout[(e.Feature, e.Method)]) == Side(e) ? "yes" : "no" }
            ),
        ];
    }
}
