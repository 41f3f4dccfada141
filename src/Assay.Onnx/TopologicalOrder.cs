using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>Topological order of a graph's nodes (Kahn's algorithm, ties in file order).</summary>
internal static class TopologicalOrder
{
    /// <summary>The nodes in an order in which each stands behind its producers; throws on a cycle.</summary>
    public static NodeProto[] Of(Graph graph)
    {
        var order = Partial(graph);
        if (order.Count == graph.Nodes.Count)
            return [.. order];
        throw AssayException.Input(
            $"The graph has a cycle through {OnCycle(graph, order).Describe()}; ONNX graphs must be acyclic."
        );
    }

    /// <summary>A node on a cycle: going back from a node that found no place, the first that is met twice.</summary>
    private static NodeProto OnCycle(Graph graph, List<NodeProto> order)
    {
        var placed = new HashSet<NodeProto>(order, ReferenceEqualityComparer.Instance);
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var node = graph.Nodes.First(n => !placed.Contains(n));
        while (seen.Add(node))
            node = Subgraphs.Reads(node).Select(graph.Producer).First(p => p is not null && !placed.Contains(p))!;
        return node;
    }

    private static List<NodeProto> Partial(Graph graph)
    {
        var position = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        var pending = new int[graph.Nodes.Count];
        var readers = new List<int>[graph.Nodes.Count];
        for (var i = 0; i < pending.Length; i++)
            (position[graph.Nodes[i]], readers[i]) = (i, []);
        for (var i = 0; i < pending.Length; i++)
            foreach (var read in Subgraphs.Reads(graph.Nodes[i]).Distinct())
                if (graph.Producer(read) is { } producer && position.TryGetValue(producer, out var p))
                {
                    pending[i]++;
                    readers[p].Add(i);
                }
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < pending.Length; i++)
            if (pending[i] == 0)
                ready.Enqueue(i, i);
        var order = new List<NodeProto>(pending.Length);
        while (ready.TryDequeue(out var i, out _))
        {
            order.Add(graph.Nodes[i]);
            foreach (var r in readers[i])
                if (--pending[r] == 0)
                    ready.Enqueue(r, r);
        }
        return order;
    }
}
