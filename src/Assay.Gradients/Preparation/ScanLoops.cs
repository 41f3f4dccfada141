using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Writes a Scan that carries nothing from one iteration to the next, and was not written out, as the Loop that picks
/// the slices itself: that one has a gradient.
/// </summary>
internal static class ScanLoops
{
    /// <summary>Rewrites what can be; returns whether anything was. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset)
    {
        if (opset < OperatorForms.ParametersAsInputSince("Split"))
            return false;
        var found = false;
        foreach (
            var scan in graph.Nodes.Where(n => n.OpType == "Scan" && StaticLoops.IsWhole(n) && IsFree(n)).ToArray()
        )
        {
            // Inside a subgraph an axis counted from behind needs no rank, outside the first output is transposed.
            if (
                scan
                    .Output.Select((o, i) => Axis(scan, "scan_output_axes", i) == 0 || shapes.Rank(o) is not null)
                    .All(k => k)
            )
            {
                graph.Remove(scan);
                Loop(new Emitter(graph, opset, DataType.Float, "scan"), shapes, scan);
                found = true;
            }
        }
        return found;
    }

    private static bool IsFree(NodeProto scan) =>
        OnnxModel.IsStandard(scan.Domain) && scan.Input.Count > 0 && scan.Int("num_scan_inputs", 0) == scan.Input.Count;

    private static long Axis(NodeProto scan, string attribute, int i) => scan.Ints(attribute)?[i] ?? 0;

    private static bool Backwards(NodeProto scan, string attribute, int i) => Axis(scan, attribute, i) == 1;

    private static void Loop(Emitter e, ShapeTable shapes, NodeProto scan)
    {
        var count = e.Gather(e.Shape(scan.Input[0]), e.Int64(Axis(scan, "scan_input_axes", 0)));
        var last = e.Sub(count, e.Int64(1));
        var results = scan.Output.Select((_, i) => e.Graph.FreshName($"scan/all/{i}")).ToArray();
        var loop = new NodeProto { OpType = "Loop", Name = e.Graph.FreshName("scan/Loop") };
        loop.Input.AddRange([count, e.Constant(TensorData.Scalar(true))]);
        loop.Output.AddRange(results);
        loop.Set("body", Body(scan, loop.Name, last));
        e.Graph.Add(loop);
        for (var i = 0; i < results.Length; i++)
            if (scan.Output[i].Length > 0)
                e.Named(scan.Output[i], "Identity", [Moved(e, shapes, scan, i, results[i])]);
    }

    private static GraphProto Body(NodeProto scan, string name, string last)
    {
        var body = scan.Attribute("body")!.G.Clone();
        var slices = body.Input.Select(i => i.Name).ToArray();
        body.Input.Clear();
        var (iteration, condition, onwards, backwards) = ($"{name}/i", $"{name}/go", $"{name}/on", $"{name}/back");
        body.Input.Add(ValueInfos.Tensor(iteration, DataType.Int64));
        body.Input.Add(ValueInfos.Tensor(condition, DataType.Bool));
        var picks = slices.Select(
            (slice, i) =>
            {
                var index = Backwards(scan, "scan_input_directions", i) ? backwards : iteration;
                var pick = Node("Gather", slice, scan.Input[i], index);
                pick.Set("axis", Axis(scan, "scan_input_axes", i));
                return pick;
            }
        );
        NodeProto[] nodes =
        [
            Node("Sub", backwards, last, iteration),
            .. picks,
            .. body.Node,
            Node("Identity", onwards, condition),
        ];
        body.Node.Clear();
        body.Node.AddRange(nodes);
        body.Output.Insert(0, ValueInfos.Tensor(onwards, DataType.Bool));
        return body;
    }

    private static NodeProto Node(string op, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    // Iterations stand in front, in their own order.
    private static string Moved(Emitter e, ShapeTable shapes, NodeProto scan, int i, string value)
    {
        if (Backwards(scan, "scan_output_directions", i))
            value = e.Slice(value, [-1], [long.MinValue], [0], [-1]);
        var axis = Axis(scan, "scan_output_axes", i);
        if (axis == 0)
            return value;
        var rank = shapes.Rank(scan.Output[i])!.Value;
        var order = Enumerable.Range(1, rank - 1).Select(a => (long)a).ToList();
        order.Insert((int)(axis < 0 ? axis + rank : axis), 0);
        return e.Transpose(value, [.. order]);
    }
}
