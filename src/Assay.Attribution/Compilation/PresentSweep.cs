using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Compilation;

/// <summary>
/// One graph evaluated for several settings of <see cref="AttributionGraph.Present"/>. Where the model takes any number of
/// rows, they are repeated once for each setting and run as one batch; where it declares how many it takes, the graph is
/// repeated instead.
/// </summary>
internal static class PresentSweep
{
    /// <summary>
    /// A graph of the same inputs without <see cref="AttributionGraph.Present"/>, in which one value holds an output of
    /// the part as [settings, rows, …]. It has no outputs yet.
    /// </summary>
    /// <param name="part">Reads rows and <see cref="AttributionGraph.Present"/>; its outputs' first dimensions count rows.</param>
    /// <param name="output">The output wanted.</param>
    /// <param name="settings">How far each feature is present, one array of all features for each setting.</param>
    /// <param name="type">Element type of <see cref="AttributionGraph.Present"/>.</param>
    public static (Emitter Emit, OnnxModel Model, string Value) Build(
        OnnxModel part,
        string output,
        double[][] settings,
        DataType type
    )
    {
        var proto = part.Proto.Clone();
        proto.Graph = new Onnx.Wire.GraphProto { Name = part.Proto.Graph.Name };
        var rows = part.Graph.Inputs.Where(i => i.Name != AttributionGraph.Present).ToArray();
        proto.Graph.Input.AddRange(rows.Select(i => i.Clone()));
        var model = new OnnxModel(proto, part.Folder);
        // Names that the result will want.
        foreach (var name in part.Graph.Outputs.Select(o => o.Name).Append(AttributionGraph.BaselineTarget))
            _ = model.Graph.FreshName(name);
        var emit = new Emitter(model.Graph, model.Opset, type, "assay");
        var flat = settings.SelectMany(s => s).ToArray();
        var present = TensorData.From(flat, settings.Length, flat.Length / settings.Length).Cast(type);
        var counted = rows.Where(i => i.Shape() is [_, ..]).ToArray();
        var swept =
            counted.Length > 0 && counted.All(i => i.Shape()![0] is null)
                ? AsRows(emit, part, output, present, [.. counted.Select(i => i.Name)])
                : AsCopies(emit, part, output, present);
        return (emit, model, swept);
    }

    // Gathering rows by number does for every element type and rank.
    private static string AsRows(Emitter emit, OnnxModel part, string output, TensorData present, string[] inputs)
    {
        var settings = present.Dims[0];
        var count = emit.Gather(emit.Shape(inputs[0]), emit.Int64(0));
        var numbers = emit.Node("Range", [emit.Int64(0), count, emit.Int64(1)]);
        var dims = emit.Concat([emit.Int64s(settings), emit.Unsqueeze(count, 0)], 0);
        var repeated = emit.Reshape(emit.ExpandTo(numbers, dims), -1);
        var feeds = inputs.ToDictionary(i => i, i => emit.Gather(i, repeated));
        var wide = emit.Concat([dims, emit.Int64s(present.Dims[1])], 0);
        var each = emit.ExpandTo(emit.Unsqueeze(emit.Constant(present), 1), wide);
        feeds[AttributionGraph.Present] = emit.Reshape(each, -1, present.Dims[1]);
        var values = GraphParts.Add(emit.Graph, part, feeds)[output];
        var rest = emit.Slice(emit.Shape(values), [1], [int.MaxValue], [0]);
        return emit.ReshapeTo(values, emit.Concat([dims, rest], 0));
    }

    private static string AsCopies(Emitter emit, OnnxModel part, string output, TensorData present)
    {
        var width = (int)present.Dims[1];
        var values = new string[present.Dims[0]];
        for (var s = 0; s < values.Length; s++)
        {
            var one = TensorData.From(present.ToDoubles()[(s * width)..((s + 1) * width)], 1, width).Cast(present.Type);
            var feeds = new Dictionary<string, string> { [AttributionGraph.Present] = emit.Constant(one) };
            values[s] = emit.Unsqueeze(GraphParts.Add(emit.Graph, part, feeds)[output], 0);
        }
        return emit.Concat(values, 0);
    }
}
