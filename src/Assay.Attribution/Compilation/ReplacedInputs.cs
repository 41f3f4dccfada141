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
            var chosen = Choose(emit, emit.Cast(present, DataType.Bool), input.Name, row);
            model.Graph.ReplaceUses(input.Name, chosen, [.. Others(model.Graph, input.Name, readers)]);
        }
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, explained.Type, "batch"));
        model.Proto.Graph.ValueInfo.Clear();
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
        return model;
    }

    // ONNX Runtime chooses between these types only; others take a way round that holds all their values.
    private static string Choose(Emitter emit, string condition, string own, TensorData other)
    {
        if (other.Type is DataType.Float or DataType.Double or DataType.Int64 or DataType.Int32 or DataType.String)
            return emit.Where(condition, own, emit.Constant(other));
        var through = other.Type == DataType.Float16 ? DataType.Float : DataType.Int64;
        var chosen = emit.Where(condition, emit.Cast(own, through), emit.Cast(emit.Constant(other), through));
        return emit.Cast(chosen, other.Type);
    }

    private static IEnumerable<NodeProto> Others(Graph graph, string value, NodeProto[] readers) =>
        graph.Consumers(value).Where(n => !readers.Any(r => ReferenceEquals(r, n)));
}
