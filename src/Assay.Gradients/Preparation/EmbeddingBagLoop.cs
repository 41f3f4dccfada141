using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Recognises what <c>torch.nn.EmbeddingBag</c> over ids [batch, length] exports to, a Loop over the batch that slices
/// the flattened ids, looks them up, weights and reduces them, and rewrites it to one lookup and one reduction. So too
/// over ids [batch] with offsets 0, 1, 2, …: bags of one. Ids [total] with any ascending offsets, bags of unequal length
/// and empty ones, become one lookup and sums by segment; a maximum over those is left.
/// </summary>
internal static class EmbeddingBagLoop
{
    /// <summary>A bag: ids [batch, length], or a vector of ids and where its bags start.</summary>
    private sealed record Bag(string Table, string Ids, string? Weights, string Reduction)
    {
        public string? Starts { get; init; }
    }

    /// <summary>Rewrites every such loop; returns whether there was one. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset)
    {
        var found = false;
        foreach (var loop in graph.Nodes.Where(n => n.OpType == "Loop" && n.Output.Count == 1).ToArray())
            if (Match(graph, shapes, loop) is { } bag)
            {
                graph.Remove(loop);
                var type = shapes.TryGet(bag.Table)?.Type ?? TensorProto.Types.DataType.Float;
                Emit(new Emitter(graph, opset, type, "bag"), shapes, bag, loop.Output[0]);
                found = true;
            }
        return found;
    }

    private static void Emit(Emitter e, ShapeTable shapes, Bag bag, string output)
    {
        if (bag.Starts is { } starts)
        {
            RaggedSums.Emit(e, (bag.Table, bag.Ids, bag.Weights, starts), bag.Reduction == "ReduceMean", output);
            return;
        }
        string Matrix(string value) => shapes.Rank(value) == 1 ? e.Unsqueeze(value, 1) : value;
        var looked = e.Gather(bag.Table, Matrix(bag.Ids));
        if (bag.Weights is not null)
            looked = e.Mul(looked, e.Unsqueeze(Matrix(bag.Weights), 2));
        if (e.Opset >= OperatorForms.AxesAsInputSince(bag.Reduction))
            e.Named(output, bag.Reduction, [looked, e.Int64s(1)], ("keepdims", 0L));
        else
            e.Named(output, bag.Reduction, [looked], ("axes", new long[] { 1 }), ("keepdims", 0L));
    }

    private static Bag? Match(Graph graph, ShapeTable shapes, NodeProto loop)
    {
        // Only a trip count and a condition: nothing is carried from row to row.
        if (loop.Input.Count != 2 || loop.Attribute("body")?.G is not { Input.Count: 2, Output.Count: 2 } bodyProto)
            return null;
        var body = new LoopBody(graph, new Graph(bodyProto), bodyProto.Input[0].Name, bodyProto.Input[1].Name);
        if (
            !body.IsTrue(loop.Input[1])
            || !body.IsTrue(bodyProto.Output[0].Name)
            || body.Producer(bodyProto.Output[1].Name) is not { } reduce
            || !IsReduction(body, reduce)
        )
            return null;
        var (lookup, weights) = Weighted(body, reduce.Input[0]);
        if (
            body.Producer(lookup) is not { OpType: "Gather" } gather
            || gather.Int("axis", 0) != 0
            || body.IsInside(gather.Input[0])
        )
            return null;
        var spans = new BagSpans(graph, shapes, body, loop.Input[0]);
        var (table, ids) = (gather.Input[0], gather.Input[1]);
        if (spans.Matrix(ids) is { } matrix)
            return weights is null ? new Bag(table, matrix, null, reduce.OpType)
                : spans.Matrix(weights) is { } beside && BagSpans.SameShape(shapes, matrix, beside)
                    ? new Bag(table, matrix, beside, reduce.OpType)
                : null;
        if (spans.Ragged(ids) is not var (vector, starts) || reduce.OpType == "ReduceMax")
            return null;
        if (weights is null)
            return new Bag(table, vector, null, reduce.OpType) { Starts = starts };
        return spans.Ragged(weights) is var (scales, others) && others == starts
            ? new Bag(table, vector, scales, reduce.OpType) { Starts = starts }
            : null;
    }

    // Over the rows looked up, which are dropped.
    private static bool IsReduction(LoopBody body, NodeProto reduce) =>
        reduce.OpType is "ReduceSum" or "ReduceMean" or "ReduceMax"
        && reduce.Int("keepdims", 1) == 0
        && (reduce.Ints("axes") ?? body.Constant(reduce.InputAt(1))) is [0];

    private static (string Lookup, string? Weights) Weighted(LoopBody body, string reduced)
    {
        if (body.Producer(reduced) is not { OpType: "Mul" } product)
            return (reduced, null);
        foreach (var (a, b) in new[] { (0, 1), (1, 0) })
            if (
                body.Producer(product.Input[b]) is { OpType: "Unsqueeze" } column
                && (column.Ints("axes") ?? body.Constant(column.InputAt(1))) is [1] or [-1]
            )
                return (product.Input[a], column.Input[0]);
        return (reduced, null);
    }
}
