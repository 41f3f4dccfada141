using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Training.Parameters;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training;

/// <summary>
/// Fits a user's own network again without the code it came from: its tables, weights, biases, slopes and affine
/// parameters start anew (or from their values) and are fitted to binary labels; everything else of the file stays.
/// </summary>
public static class Retraining
{
    private const int ScoredRows = 2048;

    /// <summary>The float initialisers of a model in file order, which of them are fitted, and why.</summary>
    /// <exception cref="AssayException">Usage: there is no such head or initialiser.</exception>
    public static IReadOnlyList<ModelParameter> Parameters(OnnxModel model, RetrainOptions? options = null)
    {
        options ??= new RetrainOptions();
        var inlined = FunctionInliner.Inline(model);
        var found = ParameterFinder.Find(inlined, options.Head);
        foreach (var name in options.Train.Concat(options.Freeze))
            if (found.All(p => p.Name != name))
                throw AssayException.Usage(
                    $"The model has no float initialiser '{name}' to fit or freeze; without these options the list is printed."
                );
        return [.. found.Select(p => Corrected(inlined.Graph, p, options))];
    }

    /// <summary>Fits a copy of the model; the given one is not changed.</summary>
    /// <param name="model">The user's model.</param>
    /// <param name="training">The rows to fit, one tensor per input of the model.</param>
    /// <param name="validation">The rows whose loss decides when to stop and which epoch is kept.</param>
    /// <param name="options">What to fit and how; null for the defaults.</param>
    /// <param name="progress">Told the losses after each epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AssayException">No parameter reaches the head, an operator has no gradient rule, an input is of a fixed batch.</exception>
    public static RetrainResult Run(
        OnnxModel model,
        TrainingRows training,
        TrainingRows validation,
        RetrainOptions? options = null,
        IProgress<EpochLoss>? progress = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new RetrainOptions();
        var (start, working, head, parameters) = Prepare(model, training, options);
        var fitted = parameters.Where(p => p.Trained).ToArray();
        var result = Trainer.Fit(
            working,
            head.Value,
            [.. fitted.Select(p => p.Name)],
            FrozenRows(fitted),
            training,
            validation,
            options.Training with
            {
                Seed = options.Seed,
            },
            progress,
            cancellation
        );
        foreach (var p in fitted)
            start.Graph.SetInitialiser(p.Name, result.Model.Graph.Constant(p.Name)!);
        return new RetrainResult(
            start,
            head.Name,
            result.BestEpoch,
            result.Epochs,
            parameters,
            Caveats.Of(model, parameters, options)
        );
    }

    /// <summary>The log-odds that a model gives to rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="head">NAME or NAME[k]; null for the first.</param>
    /// <param name="feeds">One tensor per input, rows first.</param>
    public static double[] Logits(OnnxModel model, string? head, IReadOnlyDictionary<string, TensorData> feeds)
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var value = Head.Resolve(prepared, shapes, head, Space.Logit).Value;
        prepared.Proto.Graph.Output.Clear();
        prepared.Graph.AddOutput(ValueInfos.Tensor(value, DataType.Float, null));
        prepared.Graph.PruneUnreachable();
        using var session = Session.Open(prepared);
        var read = session.Inputs.Select(i => i.Name).ToHashSet();
        var rows = new RowPicker(
            new TrainingRows(
                feeds.Where(f => read.Contains(f.Key)).ToDictionary(),
                new float[(int)feeds.Values.First().Dims[0]]
            )
        );
        var logits = new double[feeds.Values.First().Dims[0]];
        var order = Enumerable.Range(0, logits.Length).ToArray();
        for (var first = 0; first < logits.Length; first += ScoredRows)
        {
            var batch = rows.Pick(order.AsSpan(first, Math.Min(ScoredRows, logits.Length - first))).Feeds;
            session.Run(batch)[value].ToDoubles().CopyTo(logits, first);
        }
        return logits;
    }

    /// <summary>The state of a fit before its first step.</summary>
    internal static TrainingRun Start(OnnxModel model, TrainingRows training, RetrainOptions options)
    {
        var (_, working, head, parameters) = Prepare(model, training, options);
        var fitted = parameters.Where(p => p.Trained).ToArray();
        return new TrainingRun(
            working,
            head.Value,
            [.. fitted.Select(p => p.Name)],
            training,
            options.Training with
            {
                Seed = options.Seed,
            },
            FrozenRows(fitted)
        );
    }

    /// <summary>The user's graph with its starting values, a working copy of it, and the list of parameters.</summary>
    private static (OnnxModel Start, OnnxModel Working, Head Head, IReadOnlyList<ModelParameter> Parameters) Prepare(
        OnnxModel model,
        TrainingRows training,
        RetrainOptions options
    )
    {
        RequireOpenBatch(model);
        var parameters = Parameters(model, options);
        var fitted = parameters.Where(p => p.Trained).ToArray();
        if (fitted.Length == 0)
            throw AssayException.Usage("No initialiser of the model is fitted; name some to fit.");
        var start = model.Clone();
        string[] names = [.. fitted.Select(p => p.Name)];
        if (!options.Warm)
        {
            foreach (var p in fitted)
                start.Graph.SetInitialiser(
                    p.Name,
                    Restart.Of(p, model.Graph.Constant(p.Name)!, options.Seed, options.TableSpread)
                );
            NormalisationStart.Set(start, names, training);
        }
        var (working, head) = Working(start, names, options.Head);
        return (start, working, head, parameters);
    }

    private static Dictionary<string, IReadOnlyList<int>> FrozenRows(IEnumerable<ModelParameter> fitted) =>
        fitted.Where(p => p.FrozenRows.Count > 0).ToDictionary(p => p.Name, p => p.FrozenRows);

    /// <summary>A working copy in which loops are lookups and the head's logit is a value, the parameters initialisers still.</summary>
    private static (OnnxModel Model, Head Head) Working(OnnxModel start, string[] names, string? head)
    {
        var values = names.ToDictionary(n => n, n => start.Graph.Constant(n)!);
        // As inputs they are neither folded nor renamed.
        var (working, shapes) = ModelPreparation.Prepare(StepGraph.Opened(FunctionInliner.Inline(start), names));
        var resolved = Head.Resolve(working, shapes, head, Space.Logit);
        var proto = working.Proto.Clone();
        foreach (var info in proto.Graph.Input.Where(i => values.ContainsKey(i.Name)).ToArray())
            proto.Graph.Input.Remove(info);
        var closed = new OnnxModel(proto, working.Folder);
        foreach (var (name, value) in values)
            closed.Graph.SetInitialiser(name, value);
        return (closed, resolved);
    }

    private static ModelParameter Corrected(Graph graph, ModelParameter parameter, RetrainOptions options)
    {
        if (options.Freeze.Contains(parameter.Name))
            return parameter with { Trained = false, Reason = "frozen by request" };
        // As a constant it keeps its values at the start.
        if (options.Train.Contains(parameter.Name))
            return parameter with
            {
                Kind = ParameterKind.Constant,
                Trained = true,
                Reason = "fitted by request, from its values",
            };
        if (parameter is not { Trained: true, Kind: ParameterKind.Table })
            return parameter;
        var rows = ZeroRows(graph.Constant(parameter.Name)!, options.PaddingIds);
        return rows.Count == 0
            ? parameter
            : parameter with
            {
                FrozenRows = rows,
                Reason = $"{parameter.Reason}; padding row {string.Join(", ", rows)} stays zero",
            };
    }

    private static List<int> ZeroRows(TensorData table, IReadOnlyList<long> padding)
    {
        var rows = (int)table.Dims[0];
        var width = table.Count / rows;
        return
        [
            .. padding
                .Where(id =>
                    id >= 0 && id < rows && table.Span<float>().Slice((int)id * width, width).IndexOfAnyExcept(0f) < 0
                )
                .Select(id => (int)id)
                .Distinct()
                .Order(),
        ];
    }

    private static void RequireOpenBatch(OnnxModel model)
    {
        foreach (var input in model.Graph.Inputs)
            if (input.Shape() is [{ } rows, ..])
                throw AssayException.Input(
                    $"Input '{input.Name}' takes exactly {rows} row{(rows == 1 ? "" : "s")}; export the model with an open batch dimension to fit it."
                );
    }
}
