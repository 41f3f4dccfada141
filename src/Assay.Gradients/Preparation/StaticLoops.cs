using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>Writes out Loop and Scan whose number of iterations is known: their bodies one after another.</summary>
internal static class StaticLoops
{
    /// <summary>Longest sequence or loop that is written out, and the most nodes that a loop may become.</summary>
    public const int MaximumSteps = 256,
        MaximumNodes = 20_000;

    /// <summary>Unrolls what can be; returns whether anything was. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset)
    {
        if (opset < OperatorForms.ParametersAsInputSince("Split"))
            return false;
        var found = false;
        foreach (var node in graph.Nodes.Where(n => n.OpType is "Loop" or "Scan").ToArray())
        {
            if (!IsWhole(node))
                continue;
            var count = node.OpType == "Loop" ? Trips(graph, shapes, node) : Length(shapes, node);
            var body = node.Attribute("body")!.G;
            if (count is < 1 or > MaximumSteps or null || count * body.Node.Count > MaximumNodes)
                continue;
            graph.Remove(node);
            var emit = new Emitter(graph, opset, TensorProto.Types.DataType.Float, "unrolled");
            if (node.OpType == "Loop")
                Loop(emit, node, body, (int)count);
            else
                Scan(emit, shapes, node, body, (int)count);
            found = true;
        }
        return found;
    }

    // As many inputs and outputs as the body takes and gives.
    internal static bool IsWhole(NodeProto node)
    {
        if (node.Attribute("body")?.G is not { } body)
            return false;
        if (node.OpType == "Loop")
            return node.Input.Count >= 2
                && body.Input.Count == node.Input.Count
                && body.Output.Count >= Math.Max(node.Output.Count, node.Input.Count - 2) + 1;
        var scanned = node.Int("num_scan_inputs", 0);
        return scanned >= 0
            && scanned <= node.Input.Count
            && body.Input.Count == node.Input.Count
            && body.Output.Count >= node.Output.Count
            && IsPerScan("scan_input_axes", scanned)
            && IsPerScan("scan_input_directions", scanned)
            && IsPerScan("scan_output_axes", node.Output.Count - (node.Input.Count - scanned))
            && IsPerScan("scan_output_directions", node.Output.Count - (node.Input.Count - scanned));

        bool IsPerScan(string attribute, long count) => node.Ints(attribute) is not { } given || given.Length == count;
    }

    private static long? Trips(Graph graph, ShapeTable shapes, NodeProto loop)
    {
        var proto = loop.Attribute("body")!.G;
        var body = new LoopBody(graph, new Graph(proto), proto.Input[0].Name, proto.Input[1].Name);
        return loop.Input[0].Length > 0 && body.IsTrue(loop.Input[1]) && body.IsTrue(proto.Output[0].Name)
            ? ShapeBranches.Number(graph, shapes, loop.Input[0])
            : null;
    }

    private static long? Length(ShapeTable shapes, NodeProto scan)
    {
        var scanned = (int)scan.Int("num_scan_inputs", 0);
        var first = scan.Input.Count - scanned;
        return
            scanned > 0
            && shapes.TryGet(scan.Input[first]) is { } shape
            && Enumerable.Range(first, scanned).All(i => shapes.Rank(scan.Input[i]) is not null)
            ? shape.Dims[Axis(scan, "scan_input_axes", 0, shape.Rank)].Size
            : null;
    }

    private static int Axis(NodeProto scan, string attribute, int i, int rank)
    {
        var axis = scan.Ints(attribute)?[i] ?? 0;
        return (int)(axis < 0 ? axis + rank : axis);
    }

    private static void Loop(Emitter e, NodeProto loop, GraphProto body, int count)
    {
        var carried = loop.Input.Skip(2).ToArray();
        var collected = new List<string[]>();
        for (var t = 0; t < count; t++)
        {
            var results = BodyCopy.Into(e.Graph, body, [e.Int64(t), True(e), .. carried]);
            carried = results[1..(1 + carried.Length)];
            collected.Add(results[(1 + carried.Length)..]);
        }
        for (var i = 0; i < carried.Length; i++)
            Output(e, loop, i, carried[i]);
        for (var i = carried.Length; i < loop.Output.Count; i++)
            Output(e, loop, i, e.Concat([.. collected.Select(c => e.Unsqueeze(c[i - carried.Length], 0))], 0));
    }

    private static void Scan(Emitter e, ShapeTable shapes, NodeProto scan, GraphProto body, int count)
    {
        var scanned = (int)scan.Int("num_scan_inputs", 0);
        var carried = scan.Input.Take(scan.Input.Count - scanned).ToArray();
        var states = carried.Length;
        var slices = Enumerable.Range(0, scanned).Select(i => Slices(i)).ToArray();
        var collected = new List<string[]>();
        for (var t = 0; t < count; t++)
        {
            var results = BodyCopy.Into(e.Graph, body, [.. carried, .. slices.Select(s => s[t])]);
            carried = results[..states];
            collected.Add(results[states..]);
        }
        for (var i = 0; i < states; i++)
            Output(e, scan, i, carried[i]);
        for (var i = states; i < scan.Output.Count; i++)
            Output(e, scan, i, Stacked(i - states));

        string[] Slices(int i)
        {
            var value = scan.Input[states + i];
            var axis = Axis(scan, "scan_input_axes", i, shapes.Rank(value)!.Value);
            var sizes = e.Int64s([.. Enumerable.Repeat(1L, count)]);
            var parts = count == 1 ? [value] : e.Nodes("Split", [value, sizes], count, ("axis", (long)axis));
            var slices = parts.Select(p => e.Squeeze(p, axis));
            return [.. Backwards("scan_input_directions", i) ? slices.Reverse() : slices];
        }

        string Stacked(int i)
        {
            // A negative axis counts from the end of the stacked value, as Unsqueeze does.
            var axis = scan.Ints("scan_output_axes")?[i] ?? 0;
            var parts = collected.Select(c => e.Unsqueeze(c[i], axis));
            return e.Concat([.. Backwards("scan_output_directions", i) ? parts.Reverse() : parts], axis);
        }

        bool Backwards(string attribute, int i) => scan.Ints(attribute)?[i] == 1;
    }

    private static string True(Emitter e) => e.Graph.AddInitialiser("unrolled/true", TensorData.Scalar(true));

    private static void Output(Emitter e, NodeProto node, int i, string value)
    {
        if (node.Output[i].Length > 0)
            e.Named(node.Output[i], "Identity", [value]);
    }
}
