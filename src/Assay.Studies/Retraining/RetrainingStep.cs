namespace Assay.Studies;

/// <summary>Fits the network again: how much of an importance is one seed's accident, and what is lost without a feature.</summary>
internal sealed class RetrainingStep : IChainStep
{
    public string Name => "retraining";

    public string Gives =>
        "retraining: importances over seeds, and what is lost when the model is fitted without a feature";

    public bool IsAsked(StudyDefinition study) => study.Retrain is not null;

    public ChainResult Run(ChainContext context)
    {
        var started = context.Options.Clock.GetTimestamp();
        var work = new RetrainingWork(context);
        var definition = work.Definition;
        var seeds = work.Seeds();
        var dropped = Dropped(work);
        WantedRefit[] bases = [.. seeds.Select(s => work.Without(s, []))];
        WantedRefit[] nulls = definition.Shuffle ? [.. seeds.Select(s => Shuffled(work, s))] : [];
        WantedRefit[] without = [.. dropped.SelectMany(f => seeds.Select(s => work.Without(s, [f])))];
        work.Progress.Expect(2 * bases.Length + 2 * nulls.Length + without.Length);
        // All at once, so that no thread waits for the last fit of a part.
        work.Fit([.. bases, .. nulls, .. without]);
        var rows = new List<Estimate>();
        rows.AddRange(Quality(work, bases, nulls));
        var studies = new RefitStudies(context, [.. bases.Select(b => work.Study(b, permutationsOnly: false))]);
        rows.AddRange(
            Replication.Mark(studies.Means(RefitEstimands.Refit, RefitEstimands.Method), context.Splits.Count > 1)
        );
        rows.AddRange(studies.Spreads());
        if (nulls.Length > 0)
        {
            var shuffled = new RefitStudies(context, [.. nulls.Select(n => work.Study(n, permutationsOnly: false))]);
            rows.AddRange(shuffled.Means(RefitEstimands.Null, RefitEstimands.Shuffled));
            rows.AddRange(shuffled.Above(RefitEstimands.OverNull, RefitEstimands.Shuffled));
        }
        rows.AddRange(dropped.SelectMany(f => Loco(work, f)));
        Estimate[] all = [.. Families.Adjusted(rows)];
        return new ChainResult
        {
            Estimates = all,
            Section = new RetrainingSection(work, all, dropped).Write(),
            Remarks = RetrainingRemarks.Of(work, all),
            Facts = Facts(work, dropped, context.Options.Clock.GetElapsedTime(started)),
        };
    }

    private static IReadOnlyList<string> Dropped(RetrainingWork work)
    {
        var drop = work.Definition.Drop;
        foreach (var name in drop.Names)
            _ = work.Context.Plan.Binding.Feature(name);
        var ranking = work.Rankings is [var first, ..] ? first : null;
        return
        [
            .. drop
                .Names.Concat(ranking?.Strongest.Take(drop.Strongest) ?? [])
                .Concat(ranking?.Negligible(work.Context.Study.Margin).Take(drop.Negligible) ?? [])
                .Distinct(),
        ];
    }

    private static WantedRefit Shuffled(RetrainingWork work, ulong seed) =>
        new(
            $"shuffled-{seed}",
            work.Variant(seed) with
            {
                ShuffleLabels = true,
                Title = $"seed {seed}, labels shuffled",
            },
            KeepsModel: true
        );

    private static IEnumerable<Estimate> Quality(RetrainingWork work, WantedRefit[] bases, WantedRefit[] nulls)
    {
        OverSeeds Area(WantedRefit[] fits) =>
            work.Test.Auc([.. work.Fit(fits).Select(f => new[] { (1.0, work.Test.Auc(f.Test)) })]);
        yield return Area(bases).In(work.Row(RefitEstimands.RefitAuc, RefitEstimands.Method), tested: false);
        if (nulls.Length > 0)
            yield return Area(nulls).In(work.Row(RefitEstimands.RefitAuc, RefitEstimands.Shuffled), tested: false);
    }

    private static IEnumerable<Estimate> Loco(RetrainingWork work, string feature)
    {
        double[][] with = [.. work.FitWithout([]).Select(f => f.Test)];
        double[][] without = [.. work.FitWithout([feature]).Select(f => f.Test)];
        yield return work
            .Test.AucLost(with, without)
            .In(work.Row(RefitEstimands.LocoAuc, RefitEstimands.Method, feature));
        yield return work
            .Test.LogLossAdded(with, without)
            .In(work.Row(RefitEstimands.LocoLogLoss, RefitEstimands.Method, feature));
    }

    private static object Facts(RetrainingWork work, IReadOnlyList<string> dropped, TimeSpan took) =>
        new
        {
            seeds = work.Seeds(),
            dropped,
            training_rows = work.Rows.Training.Count,
            validation_rows = work.Rows.Validation.Count,
            test_rows = work.Test.Rows,
            epochs_kept = work.FitWithout([]).Select(f => f.BestEpoch),
            fits_at_once = work.Pool.AtOnce,
            fits_made = work.Pool.Fitted,
            seconds = took.TotalSeconds,
            work.Definition.OovDropout,
            work.Definition.Options.Training.Epochs,
            work.Definition.Options.Training.BatchRows,
            work.Definition.Options.Training.Patience,
            work.Definition.Options.Training.LearningRate,
            work.Definition.Options.Training.WeightDecay,
            intervals = "95 %, Student's t with Satterthwaite's degrees of freedom over clusters and seeds",
        };
}
