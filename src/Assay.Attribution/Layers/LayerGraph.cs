using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Layers;

/// <summary>What the search for layers asks of a graph.</summary>
internal sealed class LayerGraph
{
    private static readonly HashSet<string> Moving =
    [
        "Identity",
        "Squeeze",
        "Unsqueeze",
        "Reshape",
        "Flatten",
        "Transpose",
        "Slice",
        "Gather",
        "GatherND",
        "GatherElements",
        "Expand",
        "Cast",
        "Split",
        "Tile",
        "Dropout",
    ];

    private readonly IReadOnlySet<string> moves;
    private readonly IReadOnlySet<string> fed;
    private readonly IReadOnlySet<NodeProto> needed;

    public LayerGraph(Graph graph, ShapeTable shapes, IReadOnlyList<AttributionPoint> points, string target)
    {
        (Graph, Shapes, Target) = (graph, shapes, target);
        moves = graph.Downstream([.. points.Select(p => p.Value)]);
        fed = graph.Downstream([.. graph.Inputs.Select(i => i.Name)]);
        needed = graph.Reaching([target]);
        Plain = FindPlain(points);
    }

    public Graph Graph { get; }

    public ShapeTable Shapes { get; }

    public string Target { get; }

    /// <summary>Values that hold single features still: moved, joined or changed one by one, not mixed.</summary>
    public IReadOnlySet<string> Plain { get; }

    /// <summary>The nodes that the head needs and that change with the features, in order.</summary>
    public IEnumerable<NodeProto> Nodes => Graph.Nodes.Where(n => needed.Contains(n) && n.Output.Any(moves.Contains));

    /// <summary>Whether a value changes with the features.</summary>
    public bool Moves(string value) => moves.Contains(value);

    /// <summary>Whether a value is the same for every row.</summary>
    public bool IsTable(string value) => value.Length > 0 && !fed.Contains(value);

    /// <summary>The readers of a value that the head needs.</summary>
    public NodeProto[] Readers(string value) => [.. Graph.Consumers(value).Where(needed.Contains)];

    /// <summary>The one reader of a value that the head needs; null where there are several, or the head itself reads it.</summary>
    public NodeProto? OnlyReader(string value) => value != Target && Readers(value) is [var only] ? only : null;

    /// <summary>Whether a value may be a layer.</summary>
    public bool IsLayer(string value) => LayerPoint.IsLayer(Shapes, value, Target);

    /// <summary>Units and positions of a value.</summary>
    public (int Units, int Positions) Size(string value)
    {
        var dims = Shapes.TryGet(value)!.Dims.Skip(1).Select(d => (int)d.Size!.Value).ToArray();
        return dims.Length == 0 ? (1, 1) : (dims[^1], dims[..^1].Aggregate(1, (p, d) => p * d));
    }

    /// <summary>Whether a node only moves elements.</summary>
    public static bool IsMovement(NodeProto node) => Moving.Contains(node.OpType);

    /// <summary>The inputs of a node that change with the features.</summary>
    public string[] MovingInputs(NodeProto node) => [.. node.Input.Where(Moves)];

    /// <summary>The value that movements started from.</summary>
    public string Origin(string value)
    {
        while (Graph.Producer(value) is { } node && IsMovement(node) && Moves(node.Input[0]))
            value = node.Input[0];
        return value;
    }

    private HashSet<string> FindPlain(IReadOnlyList<AttributionPoint> points)
    {
        // The points behind each plain value.
        var plain = points.ToDictionary(p => p.Value, p => new HashSet<string> { p.Value });
        foreach (var node in Nodes)
        {
            var own = node.Input.Where(Moves).ToArray();
            if (own.Length == 0 || !own.All(plain.ContainsKey) || plain.ContainsKey(node.Output[0]))
                continue;
            var from = own.SelectMany(o => plain[o]).ToHashSet();
            // One point changed by itself, or several side by side.
            if (node.OpType == "Concat" || (KeepsApart(node) && (own.Length == 1 || from.Count == 1)))
                foreach (var output in node.Output.Where(o => o.Length > 0))
                    plain[output] = from;
        }
        return [.. plain.Keys];
    }

    private static bool KeepsApart(NodeProto node) =>
        node.OpType is not ("MatMul" or "Gemm" or "Conv" or "Softmax" or "LayerNormalization" or "Einsum")
        && !node.OpType.StartsWith("Reduce", StringComparison.Ordinal);
}
