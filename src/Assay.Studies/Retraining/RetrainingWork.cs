using Assay.Onnx;
using Assay.Training;

namespace Assay.Studies;

/// <summary>What the parts of retraining share: rows, fits, names of fits, rows of estimates.</summary>
internal sealed class RetrainingWork
{
    public const string Folder = "refits";
    private readonly Dictionary<string, RefitFile> known = [];

    public RetrainingWork(ChainContext context)
    {
        Context = context;
        Definition = context.Study.Retrain!;
        Progress = new RefitProgress(context.Options);
        Rows = Read(context, Definition);
        TestRows Compared(LabelledRows rows, string split, Func<RefitFile, double[]> logits) =>
            new(rows, split, logits, context.Study.Seed, context.Study.Replicates);
        Test = Compared(Rows.Test!, Definition.Test is null ? Splits.Holdout : RefitEstimands.Test, f => f.Test);
        Explained = Compared(Rows.Explained ?? Rows.Validation, Splits.Explain, f => f.Explained);
        Validation = Rows.Explained is null ? Explained : Compared(Rows.Validation, "validation", f => f.Validation);
        Pool = new RefitPool(
            context.Model,
            Files.Hash(context.Study.Model),
            Rows,
            Path.Combine(context.Plan.Folder, Folder),
            context.Threads,
            Definition.Memory,
            Progress,
            context.Options.Cancellation
        );
        Rankings = StudiedRanking.All(context.Plan, context.Merged.Estimates);
    }

    public ChainContext Context { get; }
    public RetrainDefinition Definition { get; }
    public RefitProgress Progress { get; }
    public RefitRows Rows { get; }
    public TestRows Test { get; }
    public TestRows Explained { get; }
    public TestRows Validation { get; }
    public RefitPool Pool { get; }

    /// <summary>What refits are compared on.</summary>
    public IReadOnlyList<TestRows> Compared => [Explained, Test];

    public IReadOnlyList<StudiedRanking> Rankings { get; }

    /// <summary>Seeds of the fits.</summary>
    public IReadOnlyList<ulong> Seeds(int? count = null) =>
        [.. Enumerable.Range(0, count ?? Definition.Seeds).Select(s => unchecked(Definition.Seed + (ulong)s))];

    /// <summary>A fit of a seed without some features.</summary>
    public WantedRefit Without(ulong seed, IReadOnlyList<string> drop)
    {
        string[] sorted = [.. drop.Order(StringComparer.Ordinal)];
        var name =
            sorted.Length == 0
                ? $"seed-{seed}"
                : $"seed-{seed}-without-{Files.HashText(string.Join('\n', sorted))[..12]}";
        var title = sorted.Length <= 3 ? string.Join(", ", sorted) : $"{sorted.Length} features";
        return new(
            name,
            Variant(seed) with
            {
                Drop = sorted,
                Title = $"seed {seed}{(sorted.Length == 0 ? "" : $" without {title}")}",
            },
            KeepsModel: sorted.Length == 0
        );
    }

    public RefitVariant Variant(ulong seed) =>
        new()
        {
            Options = Definition.Options with
            {
                Head = Context.Study.Head,
                Seed = seed,
                PaddingIds =
                [
                    .. Context.Plan.Dictionary.Features.Select(f => f.PaddingId).OfType<long>().Append(0).Distinct(),
                ],
            },
            OovDropout = Definition.OovDropout,
            Title = $"seed {seed}",
        };

    /// <summary>Fits what is wanted, once each.</summary>
    public IReadOnlyList<RefitFile> Fit(IEnumerable<WantedRefit> wanted)
    {
        var all = wanted.ToArray();
        var missing = all.Where(w => !known.ContainsKey(w.Name)).DistinctBy(w => w.Name).ToArray();
        foreach (var (made, file) in missing.Zip(Pool.Run(missing)))
            known[made.Name] = file;
        return [.. all.Select(w => known[w.Name])];
    }

    /// <summary>Fits of all seeds without some features.</summary>
    public IReadOnlyList<RefitFile> FitWithout(IReadOnlyList<string> drop, int? seeds = null) =>
        Fit(Seeds(seeds).Select(s => Without(s, drop)));

    /// <summary>Fits of all seeds without each of some sets of features, all at once.</summary>
    public void FitAllWithout(IReadOnlyList<IReadOnlyList<string>> drops, int? seeds = null)
    {
        WantedRefit[] all =
        [
            .. drops
                .SelectMany(d => Seeds(seeds).Select(s => Without(s, d)))
                .DistinctBy(w => w.Name)
                .Where(w => !known.ContainsKey(w.Name)),
        ];
        Progress.Expect(all.Length);
        Fit(all);
    }

    /// <summary>The study of a kept fit.</summary>
    public StudyResult Study(WantedRefit wanted)
    {
        var study = RefitStudies.Narrowed(
            Context.Study,
            wanted.Variant.ShuffleLabels ? wanted.Variant.Options.Seed : null
        ) with
        {
            Model = Pool.ModelPath(wanted),
        };
        var result = Context.Nested(Path.Combine(Folder, wanted.Name), study);
        Progress.Done($"study of {wanted.Variant.Title}", result.RowsWorkedOn == 0);
        return result;
    }

    /// <summary>A row of estimates over the explained or the test rows.</summary>
    public Estimate Row(TestRows over, string estimand, string method, string feature = "") =>
        new()
        {
            Split = over.Split,
            Dimension = SegmentBuilder.Overall,
            Segment = SegmentBuilder.All,
            SegmentLabel = SegmentBuilder.All,
            Feature = feature,
            Group = Context.Plan.Features.FirstOrDefault(f => f.Entry.Name == feature)?.Entry.Group ?? "",
            Estimand = estimand,
            Method = method,
            Head = Context.Head,
            Rows = over.Rows,
            Clusters = over.Clusters,
        };

    private static RefitRows Read(ChainContext context, RetrainDefinition definition)
    {
        var (study, binding) = (context.Study, context.Plan.Binding);
        var test =
            definition.Test
            ?? study.Holdout
            ?? throw AssayException.Input(
                "Refits are compared on untouched rows, and the study has none; add data: holdout, or retrain: test."
            );
        LabelledRows Rows(DataSource source, bool clusters, bool weights) =>
            LabelledRows.Read(
                source,
                binding,
                study.Label,
                clusters ? study.Cluster : null,
                weights ? study.Weight : null
            );
        return new RefitRows(
            binding,
            Rows(definition.Train, definition.Resamples > 0, weights: false),
            Rows(definition.Valid ?? study.Explain, clusters: true, weights: true),
            Rows(test, clusters: true, weights: true)
        )
        {
            Explained = definition.Valid is null ? null : Rows(study.Explain, clusters: true, weights: true),
        };
    }
}
