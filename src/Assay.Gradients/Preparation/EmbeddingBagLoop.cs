using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Recognises what <c>torch.nn.EmbeddingBag</c> over ids [batch, length] exports to, a Loop over the batch that slices
/// the flattened ids, looks them up, weights and reduces them, and rewrites it to one lookup and one reduction.
/// </summary>
internal static class EmbeddingBagLoop
{
    private sealed record Bag(string Table, string Ids, string? Weights, string Reduction);

    /// <summary>Rewrites every such loop; returns whether there was one. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset)
    {
        var found = false;
        foreach (var loop in graph.Nodes.Where(n => n.OpType == "Loop" && n.Output.Count == 1).ToArray())
            if (Match(graph, shapes, loop) is { } bag)
            {
                graph.Remove(loop);
                Emit(
                    new Emitter(
                        graph,
                        opset,
                        shapes.TryGet(bag.Table)?.Type ?? TensorProto.Types.DataType.Float,
                        "bag"
                    ),
                    bag,
                    loop.Output[0]
                );
                found = true;
            }
        return found;
    }

    private static void Emit(Emitter e, Bag bag, string output)
    {
        var looked = e.Gather(bag.Table, bag.Ids);
        if (bag.Weights is not null)
            looked = e.Mul(looked, e.Unsqueeze(bag.Weights, 2));
        if (e.Opset >= OperatorForms.AxesAsInputSince(bag.Reduction))
            e.Named(output, bag.Reduction, [looked, e.Int64s(1)], ("keepdims", 0L));
        else
            e.Named(output, bag.Reduction, [looked], ("axes", new long[] { 1 }), ("keepdims", 0L));
    }

    private static Bag? Match(Graph graph, ShapeTable shapes, NodeProto loop)
    {
        // Only a trip count and a condition: nothing is carried from row to row.
        if (loop.Input.Count != 2 || loop.Attribute("body")?.G is not { Output.Count: 2 } bodyProto)
            return null;
        var body = new Graph(bodyProto);
        if (
            body.Producer(bodyProto.Output[1].Name) is not { OpType: "ReduceSum" or "ReduceMean" or "ReduceMax" } reduce
        )
            return null;
        var (lookup, weights) = Weighted(body, reduce.Input[0]);
        if (
            body.Producer(lookup) is not { OpType: "Gather" } gather
            || gather.Int("axis", 0) != 0
            || body.Defines(gather.Input[0])
        )
            return null;
        var ids = Span(graph, shapes, body, gather.Input[1], bodyProto.Input[0].Name);
        var spanned = weights is null ? null : Span(graph, shapes, body, weights, bodyProto.Input[0].Name);
        if (ids is null || (weights is not null && spanned is null))
            return null;
        return new Bag(gather.Input[0], ids, spanned, reduce.OpType);
    }

    private static (string Lookup, string? Weights) Weighted(Graph body, string reduced)
    {
        if (body.Producer(reduced) is not { OpType: "Mul" } product)
            return (reduced, null);
        foreach (var (a, b) in new[] { (0, 1), (1, 0) })
            if (body.Producer(product.Input[b]) is { OpType: "Unsqueeze" } column)
                return (product.Input[a], column.Input[0]);
        return (reduced, null);
    }

    // Slice(Reshape(matrix, [-1]), offsets[i], offsets[i + 1]) where offsets step through the rows: the matrix itself.
    private static string? Span(Graph graph, ShapeTable shapes, Graph body, string value, string iteration)
    {
        if (body.Producer(value) is not { OpType: "Slice" } slice || slice.Input.Count < 3)
            return null;
        var starts = Picked(body, slice.Input[1], iteration);
        var ends = Picked(body, slice.Input[2], iteration);
        if (
            starts is null
            || ends is null
            || graph.Producer(ends) is not { OpType: "Slice" } shifted
            || shifted.Input[0] != starts
        )
            return null;
        if (graph.Constant(shifted.InputAt(1))?.ToInt64s() is not [1])
            return null;
        if (graph.Producer(slice.Input[0]) is not { OpType: "Reshape" } flat || shapes.Rank(flat.Input[0]) != 2)
            return null;
        return StepsThroughRows(graph, shapes, starts, flat.Input[0]) ? flat.Input[0] : null;
    }

    private static string? Picked(Graph body, string bound, string iteration)
    {
        var value = body.Producer(bound) is { OpType: "Unsqueeze" } u ? u.Input[0] : bound;
        return body.Producer(value) is { OpType: "Gather" } pick && pick.Input[1] == iteration ? pick.Input[0] : null;
    }

    // Concat(Range(0, elements, length), …) where length is the width of a matrix as wide as this one.
    private static bool StepsThroughRows(Graph graph, ShapeTable shapes, string offsets, string matrix)
    {
        if (
            graph.Producer(offsets) is not { OpType: "Concat" } concat
            || graph.Producer(concat.Input[0]) is not { OpType: "Range" } range
        )
            return false;
        if (graph.Constant(range.Input[0])?.ToInt64s() is not [0])
            return false;
        var width = shapes.TryGet(matrix)?.Dims[1].Size;
        return width is not null && Width(graph, shapes, range.Input[2]) == width;
    }

    private static long? Width(Graph graph, ShapeTable shapes, string value)
    {
        if (graph.Constant(value) is { Count: 1 } constant)
            return constant.ToInt64s()[0];
        return graph.Producer(value) switch
        {
            { OpType: "Cast" or "Identity" } pass => Width(graph, shapes, pass.Input[0]),
            { OpType: "Gather" } pick
                when graph.Producer(pick.Input[0]) is { OpType: "Shape" } shape
                    && graph.Constant(pick.Input[1])?.ToInt64s() is [1] => shapes.TryGet(shape.Input[0])?.Dims[1].Size,
            _ => null,
        };
    }
}
