using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Training;

/// <summary>The state of one fit: parameters, moments, sessions.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int ValidationRows = 2048;

    private readonly TrainingOptions options;
    private readonly StepGraph graph;
    private readonly Session step;
    private readonly Session forward;
    private readonly TrainingRows rows;
    private readonly RowPicker picker;
    private readonly Dictionary<string, TensorData> parameters;
    private readonly ParameterUpdate[] updates;
    private readonly HashSet<string> stepInputs;
    private readonly HashSet<string> forwardInputs;

    // What a step of so many rows yields is written into the same tensors again.
    private readonly Dictionary<int, IReadOnlyDictionary<string, TensorData>> outputs = [];
    private IReadOnlyDictionary<string, TensorData> fed = new Dictionary<string, TensorData>();
    private bool reuses = true;
    private int steps;

    public TrainingRun(
        OnnxModel model,
        string logit,
        IReadOnlyList<string> parameters,
        TrainingRows rows,
        TrainingOptions options,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? frozenRows = null
    )
    {
        this.options = options;
        this.rows = rows;
        graph = StepGraph.Build(model, logit, parameters);
        // The arrays are updated in place; the initialisers of the given model are read once and copied.
        this.parameters = parameters.ToDictionary(p => p, p => Copy(model.Graph.Constant(p)!));
        updates =
        [
            .. graph
                .Gradients.GroupBy(g => g.Parameter)
                .Select(g => new ParameterUpdate(
                    g.Key,
                    this.parameters[g.Key],
                    [.. g],
                    options,
                    frozenRows?.GetValueOrDefault(g.Key)
                )),
        ];
        step = Session.Open(graph.Step);
        forward = Session.Open(graph.Forward);
        stepInputs = [.. step.Inputs.Select(i => i.Name)];
        forwardInputs = [.. forward.Inputs.Select(i => i.Name)];
        picker = new RowPicker(rows);
    }

    /// <summary>One pass over the rows in an order of its own; the mean loss.</summary>
    public double Epoch(int epoch, CancellationToken cancellation)
    {
        var order = new CounterRandom(options.Seed, "training order", (ulong)epoch).Permutation(rows.Count);
        var rate = options.LearningRate * Math.Pow(options.LearningRateDecay, epoch - 1);
        double loss = 0;
        for (var start = 0; start < order.Length; start += options.BatchRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = order.AsSpan(start, Math.Min(options.BatchRows, order.Length - start));
            loss += Step(batch, rate) * batch.Length;
        }
        Settle();
        return loss / rows.Count;
    }

    /// <summary>Brings rows of tables that were not looked up lately up to date.</summary>
    internal void Settle()
    {
        foreach (var update in updates)
            update.Settle();
    }

    /// <summary>Mean loss over rows under the present parameters.</summary>
    public double Loss(TrainingRows over, CancellationToken cancellation)
    {
        var picks = new RowPicker(over);
        double loss = 0;
        var order = Enumerable.Range(0, over.Count).ToArray();
        for (var start = 0; start < order.Length; start += ValidationRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var (feeds, labels) = picks.Pick(order.AsSpan(start, Math.Min(ValidationRows, order.Length - start)));
            var logits = forward.Run(With(feeds, forwardInputs), [graph.Logit])[graph.Logit].Span<float>();
            for (var i = 0; i < labels.Length; i++)
                loss += LogLoss.OfLogit(logits[i], labels[i]);
        }
        return loss / over.Count;
    }

    /// <summary>A copy of the parameters.</summary>
    public Dictionary<string, TensorData> Snapshot() => parameters.ToDictionary(p => p.Key, p => Copy(p.Value));

    public void Dispose()
    {
        step.Dispose();
        forward.Dispose();
    }

    /// <summary>One step; the batch's loss before it.</summary>
    internal double Step(ReadOnlySpan<int> batch, double rate)
    {
        var outputs = Gradients(batch);
        steps++;
        foreach (var update in updates)
            update.Apply(outputs, fed, steps, rate);
        return outputs[graph.Loss].Span<float>()[0];
    }

    /// <summary>The step graph's outputs for some rows.</summary>
    internal IReadOnlyDictionary<string, TensorData> Gradients(ReadOnlySpan<int> batch)
    {
        var (feeds, labels) = picker.Pick(batch);
        fed = feeds;
        var all = With(feeds, stepInputs);
        all[StepGraph.Labels] = TensorData.From(labels, labels.Length);
        if (!reuses || !outputs.TryGetValue(batch.Length, out var known))
            return outputs[batch.Length] = step.Run(all);
        try
        {
            step.Run(all, known);
            return known;
        }
        catch (AssayException)
        {
            // Shapes that depend on the data; a true error comes again.
            reuses = false;
            return step.Run(all);
        }
    }

    internal StepGraph Graph => graph;

    private Dictionary<string, TensorData> With(IReadOnlyDictionary<string, TensorData> feeds, HashSet<string> inputs)
    {
        // An input that only another output of the model reads is not part of the step.
        var all = new Dictionary<string, TensorData>(parameters);
        foreach (var (name, tensor) in feeds)
            if (inputs.Contains(name))
                all[name] = tensor;
        return all;
    }

    private static TensorData Copy(TensorData value) =>
        TensorData.Create(value.Type, value.Dims, (Array)value.Values.Clone());
}
