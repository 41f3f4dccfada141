namespace Assay.Studies;

/// <summary>The experiment of an action.</summary>
internal static class ActionDesign
{
    public static ActionExperiment Of(ActionContext context, ActionDraft draft)
    {
        var study = context.Study;
        var units = context.Names.Units;
        var isPart = draft.Dimension != SegmentBuilder.Overall;
        var who = isPart
            ? $"{units} where {context.Names.Dimension(draft.Dimension)} is {Text.List(draft.Labels ?? draft.Segments, "or")}"
            : $"all {units}";
        return new(
            $"Deal {who} at random to two equal arms by a hash of {study.Cluster}; one gets {draft.Change}, the other the model as it is.",
            study.Cluster,
            who,
            draft.NothingMayBeLost ? "non_inferiority" : "superiority",
            $"share of shown rows with {study.Label} = 1, per arm, variance over {units}",
            [.. draft.Guardrails, .. Guardrails(study, isPart)],
            Smallest(context, draft) is { } traffic ? SampleSizes.For(traffic, study.Actions.SmallestLift) : null,
            Offline(context, draft)
        );
    }

    // The segment that needs most units decides, since each must be read on its own.
    private static Traffic? Smallest(ActionContext context, ActionDraft draft) =>
        draft
            .Segments.Select(s => context.Traffic(draft.Dimension, s))
            .OfType<Traffic>()
            .Where(t => t.Rate > 0 && t.Deviation > 0)
            .MaxBy(t => t.Deviation / t.Rate);

    private static IEnumerable<string> Guardrails(StudyDefinition study, bool isPart)
    {
        yield return "calibration of served probabilities (calibration error no higher than before)";
        yield return "time of a scored request (95th percentile)";
        yield return "coverage and diversity of what is shown, the share of new items";
        if (study.Segments.Count > 0 && !isPart)
            yield return $"the same metric in every segment of {Text.List([.. study.Segments.Select(s => s.Name)])}: none worse";
    }

    private static OfflineCheck? Offline(ActionContext context, ActionDraft draft)
    {
        if (draft.Offline is not { } says)
            return null;
        var error = draft.Evidence.FirstOrDefault(e => e.AucError is > 0)?.AucError ?? double.NaN;
        var had = context.Traffic(SegmentBuilder.Overall, SegmentBuilder.All)?.Units ?? 0;
        var effect =
            !draft.NothingMayBeLost && draft.Effect is { Unit: "auc", Value: > 0, Basis: not EffectBasis.SizeOnly } gain
                ? gain.Value
                : context.Margin;
        return new(says, effect, SampleSizes.Paired(had, error, effect), had);
    }
}
