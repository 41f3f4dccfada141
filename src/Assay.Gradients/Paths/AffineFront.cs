using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients;

/// <summary>
/// The part of a graph that stays affine in some values: while those move along a straight line, so do all values of the
/// front, and only what lies behind its frontier has to be evaluated at every point of the line.
/// </summary>
public sealed class AffineFront
{
    private readonly Graph graph;
    private readonly HashSet<string> values;
    private readonly HashSet<string> moving;
    private readonly List<NodeProto> nodes = [];
    private readonly HashSet<NodeProto> inside = new(ReferenceEqualityComparer.Instance);
    private readonly AffineLimits limits;

    private AffineFront(Graph graph, IReadOnlyList<string> sources, AffineLimits limits)
    {
        (this.graph, this.limits) = (graph, limits);
        values = [.. sources];
        moving = [.. sources, .. limits.Moving];
    }

    /// <summary>The nodes of the front, in graph order.</summary>
    public IReadOnlyList<NodeProto> Nodes => nodes;

    /// <summary>The values of the front that something behind it reads, or that are the target, in graph order.</summary>
    public IReadOnlyList<string> Frontier { get; private set; } = [];

    /// <summary>Whether a value moves when the sources do.</summary>
    internal bool Moves(string value) => moving.Contains(value);

    /// <summary>Whether a value is affine in the sources.</summary>
    internal bool Holds(string value) => values.Contains(value);

    /// <summary>Whether a node belongs to the front.</summary>
    public bool Contains(NodeProto node) => inside.Contains(node);

    /// <summary>Finds the front of a sorted graph between <paramref name="sources"/> and <paramref name="target"/>.</summary>
    public static AffineFront Find(
        Graph graph,
        IReadOnlyList<string> sources,
        string target,
        AffineLimits? limits = null
    )
    {
        var front = new AffineFront(graph, sources, limits ?? AffineLimits.None);
        foreach (var node in graph.Nodes)
            front.Visit(node);
        var needed = graph.Reaching([target]);
        var ordered = sources.Concat(front.nodes.SelectMany(n => n.Output));
        front.Frontier =
        [
            .. ordered
                .Distinct()
                .Where(v =>
                    front.values.Contains(v)
                    && (v == target || graph.Consumers(v).Any(n => needed.Contains(n) && !front.Contains(n)))
                ),
        ];
        return front;
    }

    /// <summary>No front at all: everything behind <paramref name="sources"/> is evaluated at every point.</summary>
    public static AffineFront None(Graph graph, IReadOnlyList<string> sources, string target)
    {
        var needed = graph.Reaching([target]);
        return new(graph, sources, AffineLimits.None)
        {
            Frontier = [.. sources.Distinct().Where(s => s == target || graph.Consumers(s).Any(needed.Contains))],
        };
    }

    /// <summary>
    /// All that lies between <paramref name="sources"/> and one value, whether affine or not: for a line along which that
    /// value moves by itself while everything beside it stays. The graph is sorted.
    /// </summary>
    public static AffineFront Before(Graph graph, IReadOnlyList<string> sources, string value)
    {
        var front = new AffineFront(graph, sources, AffineLimits.None) { Frontier = [value] };
        front.moving.UnionWith(graph.Downstream(sources));
        var needed = graph.Reaching([value]);
        foreach (
            var node in graph.Nodes.Where(n => needed.Contains(n) && Subgraphs.Reads(n).Any(front.moving.Contains))
        )
        {
            front.nodes.Add(node);
            front.inside.Add(node);
        }
        front.values.Add(value);
        return front;
    }

    private void Visit(NodeProto node)
    {
        var reads = Subgraphs.Reads(node).ToArray();
        if (!reads.Any(moving.Contains) || node.OpType is "Shape" or "Size")
            return;
        var outputs = node.Output.Where(o => o.Length > 0);
        moving.UnionWith(outputs);
        if (!IsAffine(node))
            return;
        nodes.Add(node);
        inside.Add(node);
        values.UnionWith(outputs);
    }

    // Every operand that moves must itself be affine, and the operator linear in those that move taken together.
    private bool IsAffine(NodeProto node)
    {
        if (
            limits.Behind.Contains(node)
            || !OnnxModel.IsStandard(node.Domain)
            || node.Input.Any(i => moving.Contains(i) && !values.Contains(i))
        )
            return false;
        var moved = Enumerable.Range(0, node.Input.Count).Where(i => moving.Contains(node.Input[i])).ToArray();
        return node.OpType switch
        {
            "Add" or "Sub" or "Sum" or "Mean" or "Concat" => true,
            "Mul" or "MatMul" => moved.Length == 1,
            "Gemm" => moved.Count(i => i < 2) <= 1,
            "Where" => !moved.Contains(0),
            "Identity"
            or "Neg"
            or "Reshape"
            or "Flatten"
            or "Squeeze"
            or "Unsqueeze"
            or "Transpose"
            or "Slice"
            or "Split"
            or "Gather"
            or "Expand"
            or "Tile"
            or "Div"
            or "ReduceSum"
            or "ReduceMean"
            or "BatchNormalization" => moved is [0],
            _ => false,
        };
    }
}

/// <summary>What an <see cref="AffineFront"/> must leave out.</summary>
/// <param name="Moving">Values that move, but not along a straight line (truth values, integers).</param>
/// <param name="Behind">Nodes that shall lie behind the front though they are affine; compared by reference.</param>
public sealed record AffineLimits(IReadOnlyCollection<string> Moving, IReadOnlySet<NodeProto> Behind)
{
    /// <summary>Nothing is left out.</summary>
    public static AffineLimits None { get; } = new([], new HashSet<NodeProto>());
}
