using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>A model's target, row by row. <see cref="Score"/> may be called from several threads.</summary>
public sealed class Scorer : IScorer, IDisposable
{
    private readonly Evaluation evaluation;
    private readonly OnnxModel graph;
    private readonly IReadOnlySet<string> imputed;

    private Scorer(OnnxModel graph, Head head, int? batchRows)
    {
        (this.graph, Head) = (graph, head);
        imputed = Imputation.Inputs(graph.Graph);
        evaluation = new Evaluation(graph, batchRows);
    }

    /// <summary>The head that is scored.</summary>
    public Head Head { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ValueInfoProto> Inputs => [.. graph.Graph.Inputs];

    /// <summary>Opens a model for scoring; see <see cref="ExplainSettings"/> for the arguments.</summary>
    public static Scorer Open(OnnxModel model, string? head, Space space, int? batchRows = null)
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var resolved = Head.Resolve(prepared, shapes, head, space);
        // Nothing is measured where the model does not run; opening it then says why.
        var type = shapes.TryGet(resolved.Output)?.Type ?? DataType.Float;
        new Emitter(prepared.Graph, prepared.Opset, type).Named(AttributionGraph.Target, "Identity", [resolved.Value]);
        prepared.Proto.Graph.Output.Clear();
        prepared.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, type, null));
        prepared.Graph.PruneUnreachable();
        return new Scorer(prepared, resolved, batchRows);
    }

    /// <summary>The target of each row: graph inputs by name, the first dimension of each counting rows.</summary>
    public double[] Score(IReadOnlyDictionary<string, TensorData> rows) =>
        evaluation.Run(RowsOfInputs.Checked(rows, graph.Graph.Inputs, false, imputed), null, AttributionGraph.Target);

    /// <inheritdoc/>
    public void Dispose() => evaluation.Dispose();
}
