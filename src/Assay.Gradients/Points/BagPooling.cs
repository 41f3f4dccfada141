using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// Moves a point from the positions of a bag to the bag's own output: the sum or mean that takes the positions'
/// place, weighted by what does not depend on what was looked up. Of a bag that is one feature as a whole, that is the
/// vector the lookup returns (PyTorch's EmbeddingBag), also for a row whose bag is empty.
/// </summary>
public static class BagPooling
{
    /// <summary>
    /// The points, those of whole bags moved to their outputs.
    /// </summary>
    /// <param name="points">Points from <see cref="AttributionPoints.Find"/>.</param>
    /// <param name="graph">The graph they lie in.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="isOneFeature">Whether all positions of a point belong to one feature.</param>
    public static IReadOnlyList<AttributionPoint> Pool(
        IReadOnlyList<AttributionPoint> points,
        Graph graph,
        ShapeTable shapes,
        Func<AttributionPoint, bool> isOneFeature
    )
    {
        var learned = graph.Downstream([.. points.Select(p => p.Value)]);
        return [.. points.Select(p => isOneFeature(p) ? Pooled(p, graph, shapes, learned) ?? p : p)];
    }

    private static AttributionPoint? Pooled(
        AttributionPoint point,
        Graph graph,
        ShapeTable shapes,
        IReadOnlySet<string> learned
    )
    {
        if (
            point.Kind != PointKind.Lookup
            || point.Positions.Count < 2
            || point.BatchAxis != 0
            || shapes.Rank(point.Value) != 3
        )
            return null;
        var chain = new List<NodeProto>();
        var value = Scaled(point.Value, graph, learned, chain);
        if (Only(graph, value) is not { OpType: "ReduceSum" or "ReduceMean" } reduce || !AlongPositions(graph, reduce))
            return null;
        chain.Add(reduce);
        value = Scaled(reduce.Output[0], graph, learned, chain);
        return point with { Value = value, Positions = [point.Positions[0]], Pooling = new([point.Value], chain) };
    }

    // Follows products with, and quotients by, values that no lookup feeds: weights, masks, lengths.
    private static string Scaled(string value, Graph graph, IReadOnlySet<string> learned, List<NodeProto> chain)
    {
        while (Only(graph, value) is { OpType: "Mul" or "Div" } node)
        {
            var other = node.Input[0] == value ? node.Input[1] : node.Input[0];
            if (learned.Contains(other) || (node.OpType == "Div" && node.Input[0] != value))
                break;
            chain.Add(node);
            value = node.Output[0];
        }
        return value;
    }

    private static NodeProto? Only(Graph graph, string value) =>
        graph.Consumers(value) is [var node] && graph.Outputs.All(o => o.Name != value) ? node : null;

    private static bool AlongPositions(Graph graph, NodeProto reduce) =>
        OperatorForms.Axes(graph, reduce) is [1] or [-2];
}

/// <summary>How lookups become the value of a point that lies behind them.</summary>
/// <param name="Lookups">What the lookups return.</param>
/// <param name="Chain">The operators from there to the point's value, in order; each has one output.</param>
public sealed record BagChain(IReadOnlyList<string> Lookups, IReadOnlyList<NodeProto> Chain)
{
    /// <summary>Repeats the chain on other lookups, with the same weights and masks; returns the value it ends in.</summary>
    public string Repeat(Graph graph, IReadOnlyDictionary<string, string> lookups)
    {
        var names = Lookups.ToDictionary(l => l, l => lookups[l]);
        var end = names[Lookups[0]];
        foreach (var node in Chain)
        {
            var copy = node.Clone();
            foreach (var read in node.Input.Distinct().Where(names.ContainsKey))
                Subgraphs.RenameReads(copy, read, names[read]);
            names[node.Output[0]] = end = graph.FreshName("baseline/" + node.Output[0]);
            (copy.Output[0], copy.Name) = (end, end);
            graph.Add(copy);
        }
        return end;
    }
}
