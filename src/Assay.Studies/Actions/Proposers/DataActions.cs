namespace Assay.Studies;

/// <summary>Training data and sampling: a model that learnt nothing, negatives that give the label away, a prior that is not that of service.</summary>
internal sealed class DataActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        if (context.Facts.LearntNothing)
            yield return LearntNothing(context);
        foreach (
            var f in context
                .Of(FindingKind.SamplingArtefact)
                .GroupBy(f => f.DisplayName)
                .Select(g => g.MinBy(f => f.Grade)!)
        )
            yield return Sampling(f);
        if (Miscalibrated(context) is { } draft)
            yield return draft;
    }

    private static ActionDraft Draft(string of, string title) =>
        new()
        {
            Kind = ActionKind.MendDataOrSampling,
            Of = of,
            Title = title,
            Evidence = [],
            IsSafeguard = true,
            Cost = new("medium", "Rows must be drawn and the model fitted again, then studied again."),
            Risk = new("medium", "Numbers before and after cannot be compared; keep a fixed set of rows for that."),
            Change = "the model refitted on the mended rows",
            Offline = "Refit on the mended rows and compare AUC on rows sampled as in service.",
            First = "",
        };

    private static ActionDraft LearntNothing(ActionContext context)
    {
        var auc = context.Facts.Overall(Estimands.Auc, "model", "");
        const string says = "The model knows no more than trivial rules do.";
        return Draft("model", "Mend the training data or the training: the model knows no more than trivial rules") with
        {
            Evidence =
            [
                new(
                    new($"/{Estimands.Auc}/model/overall=all", false, true, Grade.D, says),
                    ["fit a model that beats every trivial rule on every split, then study that"],
                    auc?.StandardError
                ),
            ],
        };
    }

    private static ActionDraft Sampling(Finding f) =>
        Draft(
            $"{(f.Feature.Length > 0 ? f.Feature : f.Method)}",
            $"Sample negatives so that {f.DisplayName} alone does not give the label away"
        ) with
        {
            Features = f.Feature.Length > 0 ? [f.Feature] : [],
            Evidence = [ActionContext.Cite(f)],
            Effect = new(
                "auc",
                f.Value - 0.5,
                f.Interval?.Low - 0.5,
                f.Interval?.High - 0.5,
                EffectBasis.SizeOnly,
                $"By itself it is {Text.Number(f.Value - 0.5)} of AUC ahead of guessing; what is left after mending is what the model really knows."
            ),
            First = "Write down how negatives are drawn, and draw them as candidates are shown in service.",
        };

    private static ActionDraft? Miscalibrated(ActionContext context)
    {
        const string rule = "floor:global-rate";
        if (
            context.Facts.Overall(Estimands.LogLoss + Estimands.OverFloor, rule, "") is not { High: < 0 } e
            || context.Facts.Overall(Estimands.Auc, "model", "") is not { Low: > 0.5 }
        )
            return null;
        var again = context.Facts.Of(e, 0, remarks: false).Again;
        var evidence = context.Facts.Of(
            e with
            {
                PAdjusted = 0,
                Replicated =
                    again is null ? Replication.NotTested
                    : again.High < 0 ? "yes"
                    : "no",
            },
            0,
            remarks: false
        ) with
        {
            Said = FindingKind.SamplingArtefact,
        };
        return Draft("calibration", "Correct the probabilities for the sampled prior") with
        {
            IsSafeguard = false,
            Evidence =
            [
                context.Cite(
                    evidence,
                    $"The model orders rows well, yet its probabilities are worse than always saying the global rate (logloss higher by {Text.Number(-e.Value)})."
                ),
            ],
            Effect = new(
                "logloss",
                -e.Value,
                -e.High,
                -e.Low,
                EffectBasis.AtMost,
                $"At least {Text.Number(-e.High)} of logloss is won by correcting the prior; the order of rows stays."
            ),
            Cost = new("low", "An offset of the logit, or a recalibration, on rows sampled as in service."),
            Risk = new("low", "Thresholds tuned to the old probabilities must be tuned again."),
            Change = "recalibrated probabilities",
            Offline = null,
            First =
                "Compare the rate of positives in training rows with that in service, and add the difference of logits.",
        };
    }
}
