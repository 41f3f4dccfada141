namespace Assay.Studies;

/// <summary>What refits hold against findings.</summary>
internal static class RetrainingRemarks
{
    public static IReadOnlyList<Remark> Of(RetrainingWork work, IReadOnlyList<Estimate> rows)
    {
        var remarks = new List<Remark>();
        var margin = work.Context.Study.Margin;
        if (Worse(work, rows) is { } worse)
            remarks.Add(new("", worse));
        foreach (var e in rows.Where(e => e.Split == Splits.Explain))
        {
            if (
                e.Estimand == RefitEstimands.Null + Estimands.Permutation + Estimands.Auc
                && e.PAdjusted < Grading.Level
            )
                remarks.Add(
                    new(
                        e.Feature,
                        "models fitted to shuffled labels seem to lean on it too, so the data or the pipeline makes it look important",
                        Grade.C
                    )
                );
            // Within the margin there is nothing that could be an accident.
            if (
                e.Estimand == RefitEstimands.Refit + Estimands.Permutation + Estimands.Auc
                && e.High > margin
                && !(e.Low > 0)
            )
                remarks.Add(new(e.Feature, "models trained again with other seeds differ on it"));
        }
        foreach (
            var e in rows.Where(e =>
                e.Estimand == RefitEstimands.LocoAuc && e.Split == work.Test.Split && e.High < margin
            )
        )
            remarks.Add(new(e.Feature, "a model fitted without it does as well, so others stand in for it"));
        return remarks;
    }

    /// <summary>Whether refits are clearly worse than the given model, in a clause.</summary>
    public static string? Worse(RetrainingWork work, IReadOnlyList<Estimate> rows)
    {
        var refit = rows.First(r =>
            r is { Estimand: RefitEstimands.RefitAuc, Method: RefitEstimands.Method } && r.Split == work.Test.Split
        );
        var given = Given(work);
        return given is not null && refit.High < given.Low
            ? $"refits reach an AUC of {Text.Number(refit.Value)} where the given model has {Text.Number(given.Value)}, so they are not its like"
            : null;
    }

    /// <summary>The given model's AUC on the holdout; null where refits are tested elsewhere.</summary>
    public static Estimate? Given(RetrainingWork work) =>
        work.Context.Merged.Estimates.FirstOrDefault(e =>
            e is { Split: Splits.Holdout, Dimension: SegmentBuilder.Overall, Estimand: Estimands.Auc, Method: "model" }
            && work.Definition.Test is null
        );
}
