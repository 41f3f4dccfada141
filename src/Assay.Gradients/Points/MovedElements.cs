using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>
/// The values that hold nothing but elements of points, rearranged within rows: which input element stands behind each
/// element of a row.
/// </summary>
internal sealed class MovedElements
{
    private readonly Graph graph;
    private readonly ShapeTable shapes;
    private readonly Dictionary<string, InputElement[]> elements = [];
    private readonly Dictionary<string, HashSet<NodeProto>> keepers = [];
    private readonly HashSet<NodeProto> moving = new(ReferenceEqualityComparer.Instance);
    private readonly List<NodeProto> nodes = [];

    /// <summary>Follows points through the graph, up to values that must not be moved to.</summary>
    public MovedElements(
        Graph graph,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        IReadOnlyCollection<string> ends
    )
    {
        (this.graph, this.shapes) = (graph, shapes);
        foreach (var point in points.Where(p => p.BatchAxis == 0 && !ends.Contains(p.Value)))
            if (RowSize(point.Value) == (long)point.Positions.Count * point.Width)
            {
                elements[point.Value] = [.. point.Positions.SelectMany(p => Enumerable.Repeat(p, point.Width))];
                keepers[point.Value] = new(point.Keepers, ReferenceEqualityComparer.Instance);
            }
        foreach (var node in graph.Nodes.Where(n => n.Output.Count == 1 && !ends.Contains(n.Output[0])))
            if (!elements.ContainsKey(node.Output[0]) && Rearranged(node) is { } row)
            {
                elements[node.Output[0]] = row;
                moving.Add(node);
                nodes.Add(node);
            }
    }

    /// <summary>The nodes that rearrange, in graph order.</summary>
    public IReadOnlyList<NodeProto> Nodes => nodes;

    /// <summary>The values, points first, in graph order.</summary>
    public IEnumerable<string> Values => elements.Keys;

    /// <summary>The input element behind each element of a row of a value.</summary>
    public InputElement[] Elements(string value) => elements[value];

    /// <summary>Whether a value holds elements of points only.</summary>
    public bool Holds(string value) => elements.ContainsKey(value);

    /// <summary>Whether a value is rearranged further.</summary>
    public bool MovesOn(string value) => graph.Consumers(value).Any(moving.Contains);

    /// <summary>Whether something other than a rearrangement reads a value, which makes it a point.</summary>
    public bool IsPoint(string value) => graph.Consumers(value).Any(n => !Stays(n, value));

    /// <summary>Whether a reader goes on reading the value itself when it is redirected.</summary>
    public bool Stays(NodeProto reader, string value) =>
        moving.Contains(reader)
        || reader.OpType is "Shape" or "Size"
        || (keepers.TryGetValue(value, out var kept) && kept.Contains(reader));

    /// <summary>Takes a node out, whose output nothing moves on.</summary>
    public void Retract(NodeProto node)
    {
        moving.Remove(node);
        nodes.RemoveAll(n => ReferenceEquals(n, node));
        elements.Remove(node.Output[0]);
    }

    /// <summary>The rearranging nodes that a value comes through, in graph order.</summary>
    public NodeProto[] Path(string value)
    {
        var before = graph.Reaching([value]);
        return [.. nodes.Where(before.Contains)];
    }

    /// <summary>The points whose elements a value holds.</summary>
    public AttributionPoint[] Members(string value, IReadOnlyList<AttributionPoint> points)
    {
        var read = Path(value).SelectMany(n => n.Input).ToHashSet();
        return [.. points.Where(p => read.Contains(p.Value))];
    }

    private InputElement[]? Rearranged(NodeProto node)
    {
        var data = node.OpType == "Concat" ? node.Input.ToArray() : node.Input.Take(1).ToArray();
        if (!OnnxModel.IsStandard(node.Domain) || !data.All(d => elements.ContainsKey(d) && !IsKept(d, node)))
            return null;
        if (RowSize(node.Output[0]) != data.Sum(d => (long)elements[d].Length) || !data.All(d => SameRows(d, node)))
            return null;
        return node.OpType switch
        {
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Identity" => elements[data[0]],
            "Concat" => Joined(node, data),
            "Transpose" => Transposed(node),
            _ => null,
        };
    }

    private bool IsKept(string value, NodeProto reader) =>
        keepers.TryGetValue(value, out var kept) && kept.Contains(reader);

    private bool SameRows(string value, NodeProto node) =>
        shapes.TryGet(value)!.Dims[0] == shapes.TryGet(node.Output[0])!.Dims[0];

    // Elements of one row; −1 where rows are not the first dimension or a row's size is not static.
    private long RowSize(string value) =>
        shapes.TryGet(value)?.Dims is [{ IsUnknown: false }, .. var rest] && rest.All(d => d.Size is not null)
            ? rest.Aggregate(1L, (p, d) => p * d.Size!.Value)
            : -1;

    private long[] Rest(string value) => [.. shapes.TryGet(value)!.Dims.Skip(1).Select(d => d.Size!.Value)];

    private InputElement[]? Joined(NodeProto node, string[] data)
    {
        var dims = Rest(node.Output[0]);
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + dims.Length : axis - 1;
        if (axis < 0)
            return null;
        var outer = dims.Take((int)axis).Aggregate(1L, (p, d) => p * d);
        return
        [
            .. Enumerable
                .Range(0, (int)outer)
                .SelectMany(o =>
                    data.SelectMany(d =>
                    {
                        var each = (int)(elements[d].Length / outer);
                        return elements[d].Skip(o * each).Take(each);
                    })
                ),
        ];
    }

    private InputElement[]? Transposed(NodeProto node)
    {
        var (source, target) = (Rest(node.Input[0]), Rest(node.Output[0]));
        if (node.Ints("perm") is not [0, .. var order])
            return null;
        var from = elements[node.Input[0]];
        var to = new InputElement[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            var (left, at) = ((long)i, 0L);
            var stride = new long[target.Length];
            for (var d = target.Length - 1; d >= 0; left /= target[d--])
                stride[d] = left % target[d];
            for (var d = 0; d < source.Length; d++)
                at = at * source[d] + stride[Array.IndexOf(order, d + 1L)];
            to[i] = from[at];
        }
        return to;
    }
}
