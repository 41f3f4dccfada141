namespace Assay.Studies;

/// <summary>The features that a study left out together, judged on rows that did not choose them.</summary>
internal static class JointRetirement
{
    /// <summary>The retirement of the set; null: none, or it loses too much.</summary>
    public static ActionDraft? Of(ActionContext context)
    {
        Estimate[] rows = [.. context.Facts.OfRefits(Retiring.Estimand).Where(e => e.Method == Retiring.Together)];
        if (rows.Length < 2)
            return null;
        var margin = Retiring.MarginOf(context.Study);
        if (!(rows[0].High <= margin))
            return null;
        var evidence = context.Facts.Of(rows[0], margin, remarks: false) with { Said = FindingKind.Retirable };
        string[] features = [.. rows.Select(e => e.Feature)];
        var e = rows[0];
        return RetireActions.Draft(context, features, (e.Value, e.Low, e.High)) with
        {
            Evidence =
            [
                context.Cite(
                    evidence,
                    $"Left out together, the model loses at most {Text.Number(Math.Max(e.High, 0))} of AUC on rows that did not choose them, which counts as negligible (up to {Text.Number(margin)})."
                ),
                .. features
                    .Select(f => RetireActions.Idle(context, f))
                    .OfType<Finding>()
                    .Select(f => ActionContext.Cite(f, needed: false)),
                // What stays is part of what the refits said: it is told beside what goes.
                .. context
                    .Of(FindingKind.Needed)
                    .Where(f => f.Estimand == Retiring.Estimand)
                    .Select(f => ActionContext.Cite(f, needed: false)),
            ],
        };
    }
}
