using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training;

/// <summary>The outputs of a step graph that carry one parameter's gradient.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Gradient">The gradient: of the whole parameter, or of a value that holds what one lookup returned.</param>
/// <param name="Place">Where in each row of it the lookup's part lies; null where it is all the lookup's.</param>
/// <param name="Rows">For a lookup the rows it read (int64), an output of the step or a feed; null for the whole parameter.</param>
internal sealed record ParameterGradient(string Parameter, string Gradient, RowPlace? Place, RowPlace? Rows);

/// <summary>
/// A model turned into a training step: parameters and labels come in, mean binary cross-entropy and gradients go out. A
/// parameter that is only ever looked up yields gradients of the rows read, not of the whole table.
/// </summary>
internal sealed class StepGraph
{
    public const string Labels = "assay/labels";

    private StepGraph(
        OnnxModel step,
        OnnxModel forward,
        string logit,
        string loss,
        IReadOnlyList<ParameterGradient> gradients
    )
    {
        Step = step;
        Forward = forward;
        Logit = logit;
        Loss = loss;
        Gradients = gradients;
    }

    /// <summary>Feeds, parameters and labels in; loss and gradients out.</summary>
    public OnnxModel Step { get; }

    /// <summary>Feeds and parameters in; logit out.</summary>
    public OnnxModel Forward { get; }

    public string Logit { get; }

    public string Loss { get; }

    public IReadOnlyList<ParameterGradient> Gradients { get; }

    public static StepGraph Build(OnnxModel model, string logit, IReadOnlyList<string> parameters)
    {
        var open = Open(model, logit, parameters);
        var withLoss = open.Clone();
        var loss = AddLoss(withLoss, logit);
        var (step, shapes) = ModelPreparation.Prepare(withLoss);
        var emit = new Emitter(step.Graph, step.Opset, DataType.Float, "step");
        var lookups = parameters.ToDictionary(p => p, p => Lookups(step.Graph, p));
        var places = lookups
            .Values.SelectMany(l => l ?? [])
            .Select(n => n.Output[0])
            .Distinct()
            .ToDictionary(v => v, v => RowPlace.Holding(step.Graph, shapes, v));
        var targets = lookups
            .SelectMany(l => l.Value?.Select(n => Target(n.Output[0])) ?? [l.Key])
            .Distinct()
            .ToArray();
        string Target(string lookup) => places[lookup]?.Value ?? lookup;
        var gradients = ReverseMode.Differentiate(step, loss, targets, shapes);
        var result = new List<ParameterGradient>();
        var computed = new List<string>();
        foreach (var (parameter, nodes) in lookups)
            if (nodes is null)
                result.Add(new(parameter, gradients[parameter], null, null));
            else
                foreach (var node in nodes)
                {
                    var (place, ids) = (places[node.Output[0]], node.Input[1]);
                    var rows = place is null ? null : RowPlace.OfIds(step.Graph, shapes, ids);
                    if (rows is null)
                    {
                        var wide = emit.Cast(ids, DataType.Int64);
                        computed.Add(wide);
                        var width = place is null ? 0 : place.Width / Width(step.Graph, parameter, shapes);
                        rows = new RowPlace(wide, 0, width, width);
                    }
                    result.Add(new(parameter, gradients[Target(node.Output[0])], place, rows));
                }
        step.Proto.Graph.Output.Clear();
        step.Graph.AddOutput(ValueInfos.Tensor(loss, DataType.Float));
        foreach (var gradient in result.Select(r => r.Gradient).Distinct())
            step.Graph.AddOutput(ValueInfos.Tensor(gradient, DataType.Float, null));
        foreach (var rows in computed)
            step.Graph.AddOutput(ValueInfos.Tensor(rows, DataType.Int64, null));
        step.Graph.PruneUnreachable();
        step.Graph.SortTopologically();
        return new StepGraph(step, open, logit, loss, result);
    }

    /// <summary>Numbers in a row of a table, an input of the graph.</summary>
    private static int Width(Graph graph, string table, ShapeTable shapes) =>
        (int)
            (graph.Inputs.First(i => i.Name == table).Shape() ?? [.. shapes.TryGet(table)!.Dims.Select(d => d.Size)])
                .Skip(1)
                .Aggregate(1L, (a, d) => a * d!.Value);

    /// <summary>Adds mean binary cross-entropy as the only output.</summary>
    private static string AddLoss(OnnxModel model, string logit)
    {
        var emit = new Emitter(model.Graph, model.Opset, DataType.Float, "loss");
        model.Graph.AddInput(ValueInfos.Tensor(Labels, DataType.Float, Batch(model)));
        var flat = emit.Reshape(logit, -1);
        // log(1 + eˣ) − y x: the cross-entropy from the logit, without the overflow of log(sigmoid).
        var losses = emit.Sub(emit.Node("Softplus", [flat]), emit.Mul(flat, Labels));
        var loss = emit.Reduce("ReduceMean", losses, [0], keepDims: false);
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(loss, DataType.Float));
        return loss;
    }

    /// <summary>What the model calls its rows, so that labels are known to be as many.</summary>
    private static string Batch(OnnxModel model) =>
        model.Graph.Inputs.Select(i => i.Symbols()?.FirstOrDefault()).FirstOrDefault(s => s is not null) ?? "batch";

    /// <summary>A copy of the model with the logit its only output and the parameters among its inputs.</summary>
    private static OnnxModel Open(OnnxModel model, string logit, IReadOnlyList<string> parameters)
    {
        if (!model.Graph.Defines(logit))
            throw AssayException.Usage($"The graph has no value '{logit}' to fit.");
        var open = Opened(model, parameters);
        open.Proto.Graph.Output.Clear();
        open.Graph.AddOutput(ValueInfos.Tensor(logit, DataType.Float, null));
        open.Graph.PruneUnreachable();
        return open;
    }

    /// <summary>A copy of the model with parameters among its inputs.</summary>
    public static OnnxModel Opened(OnnxModel model, IReadOnlyList<string> parameters)
    {
        var proto = model.Proto.Clone();
        foreach (var name in parameters)
        {
            var tensor =
                proto.Graph.Initializer.FirstOrDefault(t => t.Name == name)
                ?? throw AssayException.Usage($"The graph has no initialiser '{name}' to fit.");
            if ((DataType)tensor.DataType != DataType.Float)
                throw AssayException.Usage($"Parameter '{name}' is not float; only float parameters can be fitted.");
            proto.Graph.Initializer.Remove(tensor);
            var dims = tensor.Dims.Select(d => (object?)d).ToArray();
            if (proto.Graph.Input.All(i => i.Name != name))
                proto.Graph.Input.Add(ValueInfos.Tensor(name, DataType.Float, dims));
        }
        return new OnnxModel(proto, model.Folder);
    }

    /// <summary>The lookups that read a table, or null where something else reads it too.</summary>
    private static NodeProto[]? Lookups(Graph graph, string parameter)
    {
        var readers = graph.Consumers(parameter).ToArray();
        return
            readers.Length > 0
            && readers.All(n =>
                n.OpType == "Gather" && n.Input[0] == parameter && n.Input[1] != parameter && n.Int("axis", 0) == 0
            )
            ? readers
            : null;
    }
}
