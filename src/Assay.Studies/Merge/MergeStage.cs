using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What the merge yields: estimates in their fixed order, facts for the pedigree, the rows in short, and by split the importances' bootstrap replicates.</summary>
internal sealed record Merged(
    IReadOnlyList<Estimate> Estimates,
    IReadOnlyList<GapStatistics> Gaps,
    IReadOnlyDictionary<string, string> FloorTitles,
    IReadOnlyList<SplitData> Splits,
    IReadOnlyList<IReadOnlyList<Replicated>> Replicates
);

/// <summary>How far attributions are from adding up: |gap| over the rows of a split, beside the size of what they explain.</summary>
internal sealed record GapStatistics(
    string Split,
    string Method,
    double MeanAbsolute,
    double Quantile95,
    double Largest,
    double MeanAbsoluteDifference
);

/// <summary>From finished blocks to estimates: one feature at a time, blocks in order.</summary>
internal static class MergeStage
{
    // Replicates kept for ranks; beyond this the ranks use fewer replicates.
    private const long RankBytes = 256L << 20;

    public static Merged Run(StudyPlan plan, string head, Vocabularies vocabularies, int threads, RunOptions options)
    {
        var splits = plan.Splits.Select(s => new SplitData(plan, s, vocabularies)).ToArray();
        var floors = Floors.For(plan, splits);
        var estimates = new List<Estimate>();
        var gaps = new List<GapStatistics>();
        var titles = new Dictionary<string, string>();
        var replicates = new List<IReadOnlyList<Replicated>>();
        for (var i = 0; i < splits.Length; i++)
        {
            var (data, own) = (splits[i], floors[i]);
            foreach (var floor in own)
                titles[floor.Method] = floor.Title;
            var (ofSplit, replicated) = Split(plan, data, own, head, threads, options);
            estimates.AddRange(ofSplit);
            replicates.Add(replicated);
            gaps.AddRange(
                Enumerable.Range(0, plan.PerRow.Count).Select(m => Gap(plan, data, m)).OfType<GapStatistics>()
            );
        }
        return new Merged(Replication.Mark(estimates, splits.Length > 1), gaps, titles, splits, replicates);
    }

    private static (List<Estimate>, IReadOnlyList<Replicated>) Split(
        StudyPlan plan,
        SplitData data,
        IReadOnlyList<Floor> floors,
        string head,
        int threads,
        RunOptions options
    )
    {
        var model = new ModelJob(data, head);
        var original = model.Original();
        var ofModel = new List<Estimate>[data.Segments.Count];
        var units = plan.Units.Count;
        var ofFeatures = new List<Replicated>[units];
        var done = 0;
        var keep = KeptReplicates(plan, data, units);
        MapStage.Parallel(
            threads,
            units + ofModel.Length,
            (i, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                if (i >= units)
                {
                    ofModel[i - units] = model.Run(i - units, original[i - units], floors);
                    return;
                }
                var results = new FeatureJob(plan, data, head, original).Run(i);
                ofFeatures[i] = [.. results.Select(r => r with { Replicates = Cut(r.Replicates, keep) })];
                options.Progress?.Report(new("merge", Interlocked.Increment(ref done), units, data.Split.Name));
            },
            options.Cancellation
        );
        Replicated[] replicated = [.. ofFeatures.SelectMany(f => f)];
        ReplicatesFile.Write(plan.Folder, data.Split.Name, plan.Study.Seed, replicated);
        var importances = Ranked(plan, ofFeatures, threads, options.Cancellation);
        return ([.. Families.Adjusted(ofModel.SelectMany(e => e)), .. Families.Adjusted(importances)], replicated);
    }

    private static float[] Cut(float[] replicates, int keep) =>
        replicates.Length <= keep ? replicates : replicates[..keep];

    private static int KeptReplicates(StudyPlan plan, SplitData data, int units)
    {
        var perReplicate = 4L * units * data.Segments.Count * (2 * plan.PerRow.Count + 4 * plan.Exchanges.Count + 2);
        return (int)Math.Min(Math.Max(RankBytes / perReplicate, 100), plan.Study.Replicates);
    }

    private static List<Estimate> Ranked(
        StudyPlan plan,
        List<Replicated>[] ofFeatures,
        int threads,
        CancellationToken cancel
    )
    {
        // Groups overlap their members, so only single features are ranked.
        var tables = ofFeatures
            .Take(plan.Features.Count)
            .SelectMany(f => f)
            .Where(r => !Estimands.IsDescriptive(r.Estimate.Estimand))
            .GroupBy(r => (r.Segment, r.Estimate.Estimand, r.Estimate.Method))
            .Select(g => g.ToArray())
            .ToArray();
        var ranked = new Estimate[tables.Length][];
        MapStage.Parallel(
            threads,
            tables.Length,
            (i, _) =>
            {
                var ranks = Ranks.Of(tables[i]);
                ranked[i] =
                [
                    .. tables[i]
                        .Select(
                            (r, f) =>
                                r.Estimate with
                                {
                                    Rank = ranks[f].Rank,
                                    RankLow = ranks[f].Low,
                                    RankHigh = ranks[f].High,
                                }
                        ),
                ];
            },
            cancel
        );
        return
        [
            .. ranked.SelectMany(r => r),
            .. ofFeatures
                .SelectMany(
                    (f, i) => f.Where(r => i >= plan.Features.Count || Estimands.IsDescriptive(r.Estimate.Estimand))
                )
                .Select(r => r.Estimate),
        ];
    }

    private static GapStatistics? Gap(StudyPlan plan, SplitData data, int method)
    {
        if (!plan.PerRow[method].Complete)
            return null;
        double[] Column(string name) =>
            data.BlockNumbers(plan.AttributionPath, BlockColumns.OfMethod(plan, method, name));
        var gaps = Array.ConvertAll(Column(BlockColumns.Gap), Math.Abs);
        var target = Column(BlockColumns.Target);
        var baseline = Column(BlockColumns.BaselineTarget);
        var difference = 0.0;
        for (var i = 0; i < target.Length; i++)
            difference += Math.Abs(target[i] - baseline[i]);
        var mean = gaps.Average();
        Array.Sort(gaps);
        return new(
            data.Split.Name,
            plan.PerRow[method].Id,
            mean,
            Intervals.Quantile(gaps, 0.95),
            gaps[^1],
            difference / target.Length
        );
    }
}
