using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The real model: a scorer and one explainer for each per-row method, each single-threaded in ONNX Runtime.</summary>
internal sealed class ModelRunner : IModelRunner
{
    // Fixed, so that results do not depend on the cache of the machine.
    internal const int BatchRows = 256;
    private readonly StudyPlan plan;
    private readonly OnnxModel model;
    private readonly Scorer scorer;
    private readonly Explainer?[] explainers;
    private readonly Lazy<IReadOnlyDictionary<string, TensorData>> pool;
    private readonly Lazy<FirstOrder> firstOrder;
    private readonly Lazy<ExchangeScorer?> exchanges;
    private readonly Lazy<SageExplainer> sage;

    public ModelRunner(StudyPlan plan, OnnxModel model)
    {
        (this.plan, this.model) = (plan, model);
        scorer = Scorer.Open(model, plan.Study.Head, Space.Logit, BatchRows);
        pool = new(() => Pool(plan));
        exchanges = new(() => ExchangeScorer.TryOpen(model, plan.Binding.Slots, plan.Study.Head, Space.Logit));
        firstOrder = new(() => OpenFirstOrder(plan.Study, plan.Binding, model));
        sage = new(() => OpenSage(FixedBaseline()));
        explainers = new Explainer?[plan.PerRow.Count];
        if (plan.Study.Baseline.Kind == BaselineKind.Data)
            return;
        var baseline = FixedBaseline();
        for (var m = 0; m < explainers.Length; m++)
            explainers[m] = Open(m, baseline);
    }

    public string Head => scorer.Head.Name;

    /// <summary>Fails where this model has no such head, or an operator without a rule, before the data are prepared.</summary>
    /// <exception cref="AssayException">Input: what is wrong with the model or the study.</exception>
    public static void Check(StudyDefinition study, DictionaryBinding binding, OnnxModel model)
    {
        try
        {
            Scorer.Open(model, study.Head, Space.Logit, BatchRows).Dispose();
            if (study.Baseline is { Kind: BaselineKind.File, Path: { } path })
                RequireOneRow(path, TensorFile.Read(path, binding.Inputs));
            foreach (var method in study.Methods.Where(m => MethodRegistry.Get(m.Id).PerRow))
                Explainer.Open(model, binding.Slots, Settings(study, method, Baseline.Zero)).Dispose();
            if (study.Methods.Any(m => m.Id == Exchange.Taylor))
                OpenFirstOrder(study, binding, model).Dispose();
        }
        catch (AssayException e) when (e.Fault == Fault.Usage)
        {
            throw AssayException.Input($"The study '{study.Name}': {e.Message}", e);
        }
    }

    public double[] Score(IReadOnlyDictionary<string, TensorData> rows) => scorer.Score(rows);

    public double[][]? Exchanged(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors,
        IReadOnlyList<IReadOnlyList<int>> sets
    ) => exchanges.Value?.Score(rows, donors, sets);

    public double[] Changes(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors
    ) => firstOrder.Value.Changes(rows, donors);

    public Explanation Explain(
        int method,
        PreparedSplit split,
        Block block,
        IReadOnlyDictionary<string, TensorData> rows
    )
    {
        if (explainers[method] is { } shared)
            return shared.Explain(rows);
        using var own = Open(method, Baseline.Rows(Drawn(split, block)));
        return own.Explain(rows);
    }

    public void Dispose()
    {
        scorer.Dispose();
        if (exchanges.IsValueCreated)
            exchanges.Value?.Dispose();
        if (sage.IsValueCreated)
            sage.Value.Dispose();
        if (firstOrder.IsValueCreated)
            firstOrder.Value.Dispose();
        foreach (var explainer in explainers)
            explainer?.Dispose();
    }

    private static void RequireOneRow(string path, IReadOnlyDictionary<string, TensorData> baseline)
    {
        foreach (var (input, values) in baseline)
            if (values.Dims[0] != 1)
                throw AssayException.Input(
                    $"Baseline file '{path}' has {values.Dims[0]} rows of input '{input}'; a study's baseline is one row."
                );
    }

    public double[] Sage(
        PreparedSplit split,
        Block block,
        IReadOnlyDictionary<string, TensorData> rows,
        double[] labels
    )
    {
        var stream = StableHash.Of($"sage/{split.Name}");
        var keys = new ulong[block.Rows];
        for (var r = 0; r < keys.Length; r++)
            keys[r] = StableHash.Combine(stream, (ulong)(block.Start + r));
        double Loss(int row, double logit) => LogLoss.OfLogit(logit, labels[row]);
        if (plan.Study.Baseline.Kind != BaselineKind.Data)
            return sage.Value.Explain(rows, Loss, keys).OfRows;
        using var own = OpenSage(Baseline.Rows(Drawn(split, block)));
        return own.Explain(rows, Loss, keys).OfRows;
    }

    private SageExplainer OpenSage(Baseline baseline) =>
        SageExplainer.Open(
            model,
            plan.Binding.Slots,
            Settings(plan.Study, new() { Id = Exchange.Sage }, baseline) with
            {
                Space = Space.Logit,
            }
        );

    // Like all losses, on the logit.
    private static FirstOrder OpenFirstOrder(StudyDefinition study, DictionaryBinding binding, OnnxModel model) =>
        FirstOrder.Open(
            model,
            binding.Slots,
            Settings(study, new() { Id = Exchange.Taylor }, Baseline.Zero) with
            {
                Space = Space.Logit,
            }
        );

    private Explainer Open(int method, Baseline baseline)
    {
        var options = plan.Study.Methods.First(m => m.Id == plan.PerRow[method].Id);
        return Explainer.Open(model, plan.Binding.Slots, Settings(plan.Study, options, baseline));
    }

    internal static ExplainSettings Settings(StudyDefinition study, MethodDefinition options, Baseline baseline)
    {
        var settings = new ExplainSettings
        {
            Method = options.Id,
            Head = study.Head,
            Space = study.Space == "probability" ? Space.Probability : Space.Logit,
            At = study.At == "raw" ? EntryPoint.Raw : EntryPoint.Preprocessed,
            Baseline = baseline,
            Seed = study.Seed,
            BatchRows = BatchRows,
            Budget = options.Budget,
        };
        if (options.Tolerance is { } tolerance)
            settings = settings with { Tolerance = tolerance, Steps = 1024 };
        if (options.Steps is { } steps)
            settings = settings with { Steps = steps };
        return options.Rule is { } rule ? settings with { Rule = rule } : settings;
    }

    /// <summary>The first block, which holds whole clusters picked by hash: a random sample of the explained rows.</summary>
    internal static IReadOnlyDictionary<string, TensorData> Pool(StudyPlan plan)
    {
        using var reader = new PreparedReader(plan, plan.Splits[0]);
        return reader.Feeds(0);
    }

    private Baseline FixedBaseline() => FixedBaseline(plan, () => pool.Value);

    /// <summary>The one baseline of a study that draws none; of one that does, zero.</summary>
    internal static Baseline FixedBaseline(StudyPlan plan, Func<IReadOnlyDictionary<string, TensorData>> sample) =>
        plan.Study.Baseline.Kind switch
        {
            BaselineKind.Padding => Baseline.Rows(plan.Binding.ReplacementRow()),
            BaselineKind.Mean => Baseline.Mean(sample()),
            BaselineKind.File => Baseline.Rows(TensorFile.Read(plan.Study.Baseline.Path!, plan.Binding.Inputs)),
            _ => Baseline.Zero,
        };

    // One row of the pool for each row of the block, keyed by where the row stands.
    private Dictionary<string, TensorData> Drawn(PreparedSplit split, Block block)
    {
        var stream = StableHash.Of($"baseline/{split.Name}");
        var rows = plan.Splits[0].Blocks[0].Rows;
        var picks = new int[block.Rows];
        for (var r = 0; r < picks.Length; r++)
            picks[r] = CounterRandom.IntAt(plan.Study.Seed, stream, (ulong)(block.Start + r), rows);
        var drawn = plan.Binding.NewFeeds(block.Rows);
        foreach (var input in plan.Binding.Inputs)
            for (var r = 0; r < picks.Length; r++)
                Array.Copy(
                    pool.Value[input.Name].Values,
                    picks[r] * input.Elements,
                    drawn[input.Name].Values,
                    r * input.Elements,
                    input.Elements
                );
        return drawn;
    }
}
