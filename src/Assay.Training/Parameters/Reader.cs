using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Training.Parameters;

/// <summary>One use of an initialiser, behind operators that only move its elements.</summary>
/// <param name="Node">The node that computes with it.</param>
/// <param name="Slot">Which of the node's inputs it is.</param>
/// <param name="Transposed">Whether the last two dimensions were exchanged on the way.</param>
/// <param name="Outer">The node of the main graph that holds the use: the node itself, or a loop or branch.</param>
internal sealed record Reader(NodeProto Node, int Slot, bool Transposed, NodeProto Outer)
{
    private static readonly HashSet<string> Movement =
    [
        "Identity",
        "Transpose",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "Flatten",
        "Cast",
        "Expand",
        "Slice",
        "Tile",
    ];

    /// <summary>All uses of a value of the main graph, also inside loops and branches.</summary>
    public static IReadOnlyList<Reader> Of(Graph graph, string value)
    {
        var found = new List<Reader>();
        foreach (var outer in graph.Consumers(value))
            Follow(graph, outer, outer, value, false, found);
        return found;
    }

    private static void Follow(
        Graph graph,
        NodeProto outer,
        NodeProto node,
        string value,
        bool transposed,
        List<Reader> found
    )
    {
        foreach (var body in node.Subgraphs())
        foreach (var inner in body.Node.Where(n => Subgraphs.Reads(n).Contains(value)))
            Follow(new Graph(body), outer, inner, value, transposed, found);
        for (var slot = 0; slot < node.Input.Count; slot++)
        {
            if (node.Input[slot] != value)
                continue;
            if (slot > 0 || !Movement.Contains(node.OpType))
            {
                found.Add(new Reader(node, slot, transposed, outer));
                continue;
            }
            var turned = transposed ^ (node.OpType == "Transpose" && IsTurn(node));
            foreach (var next in graph.Consumers(node.Output[0]))
                Follow(graph, ReferenceEquals(outer, node) ? next : outer, next, node.Output[0], turned, found);
        }
    }

    private static bool IsTurn(NodeProto transpose) =>
        transpose.Ints("perm") is not { } order || (order.Length >= 2 && order[^1] == order.Length - 2);
}
