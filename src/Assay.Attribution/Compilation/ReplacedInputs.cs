using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Compilation;

/// <summary>The target of rows in which the inputs of absent features are those of a baseline row.</summary>
internal static class ReplacedInputs
{
    /// <summary>
    /// A graph with the output <see cref="AttributionGraph.Target"/> that takes the elements of a feature from the
    /// baseline row where its <see cref="AttributionGraph.Present"/> is 0, and from the row fed where it is not.
    /// </summary>
    public static OnnxModel Build(ExplainedModel explained)
    {
        var model = explained.Prepared.Clone();
        var emit = new Emitter(model.Graph, model.Opset, explained.Type, "assay");
        var owners = FeatureSlot.Owners(explained.Features);
        var baseline = explained.GivenBaseline!;
        emit.Named(AttributionGraph.Target, "Identity", [explained.Head.Value]);
        var inputs = model.Graph.Inputs.ToArray();
        model.Graph.AddInput(ValueInfos.Tensor(AttributionGraph.Present, explained.Type, 1L, explained.Features.Count));
        foreach (var input in inputs)
        {
            var row = baseline[input.Name];
            var slots = Enumerable
                .Range(0, row.Count)
                .Select(e => owners.GetValueOrDefault(new(input.Name, e), -1))
                .ToArray();
            if (slots.All(o => o < 0))
                continue;
            var readers = model.Graph.Consumers(input.Name).ToArray();
            var present = emit.Reshape(AttributionGraph.PresentAt(emit, slots), [-1, .. row.Dims[1..]]);
            var chosen = emit.Where(emit.Cast(present, DataType.Bool), input.Name, emit.Constant(row));
            model.Graph.ReplaceUses(input.Name, chosen, [.. Others(model.Graph, input.Name, readers)]);
        }
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, explained.Type, "batch"));
        model.Proto.Graph.ValueInfo.Clear();
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
        return model;
    }

    private static IEnumerable<NodeProto> Others(Graph graph, string value, NodeProto[] readers) =>
        graph.Consumers(value).Where(n => !readers.Any(r => ReferenceEquals(r, n)));
}
