using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Runs a study: prepare, map, merge, chain of evidence, files for readers, report. Started again in the same folder it continues from finished blocks.</summary>
public static class StudyRunner
{
    /// <summary>Runs the study into a folder.</summary>
    /// <param name="study">What to do.</param>
    /// <param name="runFolder">Where results go; made if absent.</param>
    /// <param name="options">Threads, progress, cancellation, clock.</param>
    /// <exception cref="AssayException">Input: model, dictionary or data unusable. Usage: another study's folder. Failed: cannot write.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; finished blocks are kept.</exception>
    public static StudyResult Run(StudyDefinition study, string runFolder, RunOptions? options = null) =>
        Run(study, runFolder, options ?? new RunOptions(), Open);

    /// <summary>A study inside a study: without a chain of its own.</summary>
    internal static StudyResult Nested(StudyDefinition study, string folder, RunOptions options) =>
        Run(study with { Effects = null, Layers = null, Evaluation = null }, folder, options, Open, []);

    private static IModelRunner Open(StudyPlan plan, OnnxModel model) => new ModelRunner(plan, model);

    internal static StudyResult Run(
        StudyDefinition study,
        string runFolder,
        RunOptions options,
        Func<StudyPlan, OnnxModel, IModelRunner> open,
        IReadOnlyList<IChainStep>? steps = null
    )
    {
        var threads = options.Threads ?? study.Threads ?? Environment.ProcessorCount;
        var clock = new StageClock(options.Clock);
        var folder = Path.GetFullPath(runFolder);
        var model = OnnxModel.Load(study.Model);
        var dictionary = FeatureDictionary.Load(study.Dictionary);
        var binding = dictionary.Bind(model);
        HypothesesStep.Check(study, dictionary);
        study.Governance.Check(dictionary);
        study.Effects?.Check(study, dictionary);
        var methods = Methods(study);
        var vocabularies = new Vocabularies(study.Vocabularies ?? dictionary.VocabularyFile, dictionary);
        foreach (var confounder in study.Confounders)
            confounder.Check(study, dictionary);
        var exchanges = Exchange.For(study, dictionary);
        var runPlan = new RunPlan(folder, study, dictionary, Files.Hash(study.Model));
        foreach (var part in (string[])["", "prepared", "attributions", "scores"])
            Files.MakeFolder(Path.Combine(folder, part));
        using var held = RunLock.Take(folder);
        runPlan.Check();
        foreach (var left in Directory.EnumerateFiles(folder, "*" + Files.Aside, SearchOption.AllDirectories))
            File.Delete(left);
        if (runPlan.IsNew)
            ModelRunner.Check(study, binding, model);
        clock.Next("prepare");
        var (splits, segments) = Prepare(study, binding, folder, runPlan, threads, options);
        runPlan.Settle(splits);
        var plan = PresenceReader.Settled(
            new StudyPlan
            {
                Study = study,
                Folder = folder,
                Dictionary = dictionary,
                Binding = binding,
                Splits = splits,
                Segments = segments,
                PerRow = [.. methods.Where(m => m.PerRow)],
                Exchanges = exchanges,
                Hash = runPlan.Hash,
            }
        );
        clock.Next("map");
        string? head = null;
        var rows = MapStage.Run(plan, () => Named(open(plan, model), folder, ref head), threads, options);
        head ??= HeadFile.Read(folder);
        clock.Next("merge");
        var merged = MergeStage.Run(plan, head, vocabularies, threads, options);
        clock.Next("chain");
        var context = new ChainContext
        {
            Plan = plan,
            Model = model,
            Head = head,
            Vocabularies = vocabularies,
            Splits = merged.Splits,
            Merged = merged,
            Verdict = Verdict.Of(plan, merged),
            Threads = threads,
            Options = options,
        };
        var chain = EvidenceChain.Run(steps ?? EvidenceChain.Steps, context);
        clock.Next("views");
        var views = ViewStage.Run(context);
        clock.Next("write");
        options.Progress?.Report(new("write", 0, 1, "estimates, report"));
        return Outputs.Write(plan, runPlan, model, head, chain, views, rows, clock);
    }

    private static IModelRunner Named(IModelRunner runner, string folder, ref string? head)
    {
        head = runner.Head;
        HeadFile.Write(folder, head);
        return runner;
    }

    private static MethodInfo[] Methods(StudyDefinition study)
    {
        var twice = study.Methods.GroupBy(m => m.Id).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw AssayException.Input($"The study lists the method '{twice.Key}' twice; keep one.");
        return [.. study.Methods.Select(m => MethodRegistry.Get(m.Id))];
    }

    private static (IReadOnlyList<PreparedSplit>, IReadOnlyList<SegmentDefinition>) Prepare(
        StudyDefinition study,
        DictionaryBinding binding,
        string folder,
        RunPlan runPlan,
        int threads,
        RunOptions options
    )
    {
        var sources = new List<(string Name, DataSource Source)> { (Splits.Explain, study.Explain) };
        if (study.Holdout is { } holdout)
            sources.Add((Splits.Holdout, holdout));
        IReadOnlyList<SegmentDefinition>? segments = null;
        var splits = new List<PreparedSplit>();
        // Columns of the data that are only strata are prepared like segments, and not reported.
        var hidden = study
            .Methods.SelectMany(m => m.Strata)
            .Except(study.Segments.Select(s => s.Name))
            .Except(binding.Features.Select(f => f.Entry.Name))
            .Select(c => new SegmentDefinition
            {
                Name = c,
                Kind = SegmentKind.Column,
                Column = c,
            })
            .Concat(study.Confounders.Select(c => c.Hidden).OfType<SegmentDefinition>());
        foreach (var (name, source) in sources)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(new("prepare", splits.Count, sources.Count, name));
            using var preparer = new Preparer(study, binding, name, source, folder, threads);
            segments ??=
            [
                .. study.Segments.Concat(hidden).Select(s => SegmentColumn.Resolve(s, preparer.Duck, preparer.Table)),
            ];
            // What lies behind a query may have changed, so it is always read again.
            var dataHash = RunPlan.DataHash(source);
            var hash = runPlan.Hash;
            var known = dataHash is null ? null : PreparedSplit.TryLoad(folder, name, hash);
            splits.Add(known ?? preparer.Run(segments, hash, dataHash, options.Cancellation));
        }
        return (splits, [.. segments!.Take(study.Segments.Count)]);
    }
}
