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
        WantedRefit[] nulls = [.. work.Seeds(definition.Shuffle).Select(s => Shuffled(work, s))];
        WantedRefit[] without = [.. dropped.SelectMany(f => seeds.Select(s => work.Without(s, [f])))];
        work.Progress.Expect(2 * bases.Length + 2 * nulls.Length + without.Length);
        // All at once, so that no thread waits for the last fit of a part.
        work.Fit([.. bases, .. nulls, .. without]);
        var rows = new List<Estimate>();
        foreach (var over in work.Compared)
        {
            rows.AddRange(Quality(work, over, bases, RefitEstimands.Method));
            rows.AddRange(Quality(work, over, nulls, RefitEstimands.Shuffled));
        }
        var studies = new RefitStudies(context, [.. bases.Select(b => work.Study(b))]);
        rows.AddRange(
            Replication.Mark(studies.Means(RefitEstimands.Refit, RefitEstimands.Method), context.Splits.Count > 1)
        );
        rows.AddRange(studies.Spreads());
        if (nulls.Length > 0)
        {
            var shuffled = new RefitStudies(context, [.. nulls.Select(n => work.Study(n))]);
            rows.AddRange(shuffled.Means(RefitEstimands.Null, RefitEstimands.Shuffled));
            rows.AddRange(shuffled.Above(RefitEstimands.OverNull, RefitEstimands.Shuffled));
        }
        rows.AddRange(
            Replication.Mark(
                [.. work.Compared.SelectMany(over => dropped.SelectMany(f => Loco(work, over, f)))],
                work.Definition.Test is null
            )
        );
        RetrainingPart[] parts = [Retiring.Of(work), KeptCurve.Of(work), Roar.Of(work), Stability.Of(work, studies)];
        rows.AddRange(parts.SelectMany(p => p.Rows));
        Estimate[] all = [.. Families.Adjusted(rows)];
        return new ChainResult
        {
            Estimates = all,
            Section = new RetrainingSection(work, all, dropped).Write() + string.Concat(parts.Select(p => p.Text)),
            Remarks = RetrainingRemarks.Of(work, all),
            Facts = Facts(work, dropped, parts[0].Facts, context.Options.Clock.GetElapsedTime(started)),
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

    private static IEnumerable<Estimate> Quality(
        RetrainingWork work,
        TestRows over,
        WantedRefit[] fits,
        string method
    ) =>
        fits.Length == 0
            ? []
            :
            [
                over.Auc([.. work.Fit(fits).Select(f => new[] { (1.0, over.Auc(f)) })])
                    .In(work.Row(over, RefitEstimands.RefitAuc, method), tested: false),
            ];

    private static Estimate[] Loco(RetrainingWork work, TestRows over, string feature)
    {
        var (with, without) = (work.FitWithout([]), work.FitWithout([feature]));
        return
        [
            over.AucLost(with, without).In(work.Row(over, RefitEstimands.LocoAuc, RefitEstimands.Method, feature)),
            over.LogLossAdded(with, without)
                .In(work.Row(over, RefitEstimands.LocoLogLoss, RefitEstimands.Method, feature)),
        ];
    }

    private static object Facts(RetrainingWork work, IReadOnlyList<string> dropped, object? retire, TimeSpan took) =>
        new
        {
            seeds = work.Seeds(),
            dropped,
            retire,
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
