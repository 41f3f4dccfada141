using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// The values of a graph at both ends of each interval of a path. The graph holds the path's n + 1 points as blocks of
/// rows, one after the other, so an interval's lower ends are all rows but the last block and its upper ends all but the
/// first.
/// </summary>
public sealed class PathEnds
{
    private readonly Graph graph;
    private readonly ShapeTable shapes;
    private readonly ValueTypes types;
    private readonly int intervals;
    private readonly int stride;
    private readonly string batch;
    private readonly HashSet<string> onPath;
    private readonly HashSet<string> varying;
    private readonly Dictionary<(string Value, End End), string> made = [];
    private readonly Dictionary<string, Emitter> emitters = [];
    private readonly IReadOnlyDictionary<string, string>? copies;
    private string? rows;

    private enum End
    {
        Lower,
        Upper,
        Middle,
    }

    /// <summary>Describes a path that a graph already holds.</summary>
    /// <param name="model">The graph; slices are added to it.</param>
    /// <param name="shapes">What is known of its values; what is learnt of the ends is added.</param>
    /// <param name="moving">Values that move along the path, all of them blocks of rows.</param>
    /// <param name="still">Values that are the same in each block.</param>
    /// <param name="batch">The symbol of the dimension that counts rows.</param>
    /// <param name="intervals">Number of intervals between neighbouring points, one less than the points.</param>
    /// <param name="stride">How many of these are taken as one interval; a divisor of their number.</param>
    public PathEnds(
        OnnxModel model,
        ShapeTable shapes,
        IReadOnlyCollection<string> moving,
        IReadOnlyCollection<string> still,
        string batch,
        int intervals,
        int stride = 1
    )
    {
        (graph, this.shapes, this.batch) = (model.Graph, shapes, batch);
        (this.intervals, this.stride) = (intervals, stride);
        model.Graph.SortTopologically();
        types = new ValueTypes(graph, shapes);
        varying = Following(moving);
        onPath = Following([.. moving, .. still]);
        Opset = model.Opset;
    }

    /// <summary>Describes a path of one interval whose both ends a graph computes side by side.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="shapes">What is known of its values, those at the lower end too.</param>
    /// <param name="moving">Values, at the upper end, that move along the path.</param>
    /// <param name="copies">Of every value that follows from them its name at the lower end.</param>
    public PathEnds(
        OnnxModel model,
        ShapeTable shapes,
        IReadOnlyCollection<string> moving,
        IReadOnlyDictionary<string, string> copies
    )
    {
        (graph, this.shapes, this.copies, batch) = (model.Graph, shapes, copies, "");
        model.Graph.SortTopologically();
        types = new ValueTypes(graph, shapes);
        onPath = varying = Following(moving);
        Opset = model.Opset;
    }

    private int Opset { get; }

    /// <summary>Whether a value differs between the points of the path.</summary>
    internal bool Varies(string value) => varying.Contains(value);

    /// <summary>The value at the lower ends.</summary>
    internal string Lower(string value) => At(value, End.Lower);

    /// <summary>The value at the upper ends.</summary>
    internal string Upper(string value) => At(value, End.Upper);

    /// <summary>The mean of both ends.</summary>
    internal string Middle(string value) => Varies(value) ? At(value, End.Middle) : Lower(value);

    /// <summary>By how much a value on the path grows over each interval, one block of rows less than the value.</summary>
    public string Change(string value) => Emit(value).Sub(Upper(value), Lower(value));

    // Shapes stay as they are: what is computed of them is no value at a point of the path.
    private HashSet<string> Following(IEnumerable<string> roots)
    {
        var reached = roots.ToHashSet();
        foreach (var node in graph.Nodes)
            if (node.OpType is not ("Shape" or "Size") && Subgraphs.Reads(node).Any(reached.Contains))
                reached.UnionWith(node.Output.Where(o => o.Length > 0));
        return reached;
    }

    private string At(string value, End end)
    {
        if (value.Length == 0 || !onPath.Contains(value))
            return value;
        if (made.TryGetValue((value, end), out var name))
            return name;
        if (copies is not null && end != End.Middle)
            return end == End.Lower ? copies.GetValueOrDefault(value, value) : value;
        var emit = Emit(value);
        name = end switch
        {
            End.Middle => emit.Mul(emit.Add(Lower(value), Upper(value)), emit.Scalar(0.5)),
            _ => Blocks(emit, value, end),
        };
        shapes.Set(name, shapes.TryGet(value)!);
        return made[(value, end)] = name;
    }

    private string Blocks(Emitter emit, string value, End end)
    {
        var dims =
            shapes.TryGet(value)?.Dims ?? throw AssayException.Input($"The shape of '{value}' on the path is unknown.");
        var axis = Array.FindIndex(dims, d => d.Symbol == batch);
        if (axis < 0 || dims.Count(d => d.Size is null) > 1)
            throw AssayException.Input($"The rows of '{value}' on the path cannot be told apart.");
        if (stride > 1)
            return EveryOther(emit, value, [.. dims.Select(d => d.Size ?? -1)], axis, end);
        var (from, to) =
            end == End.Lower
                ? (emit.Int64s(0), emit.Node("Mul", [Rows(emit, value, axis), emit.Int64s(intervals)]))
                : (Rows(emit, value, axis), emit.Int64s(long.MaxValue));
        return emit.Node("Slice", [value, from, to, emit.Int64s(axis)]);
    }

    private string EveryOther(Emitter emit, string value, long[] dims, int axis, End end)
    {
        var blocks = emit.Reshape(value, [.. dims[..axis], intervals + 1, .. dims[axis..]]);
        var (from, to) = end == End.Lower ? (0, intervals) : (stride, long.MaxValue);
        return emit.Reshape(emit.Slice(blocks, [from], [to], [axis], [stride]), dims);
    }

    // The rows of one block, counted once: every value on the path has the same.
    private string Rows(Emitter emit, string value, int axis) =>
        rows ??= emit.Node("Div", [emit.Gather(emit.Shape(value), emit.Int64s(axis)), emit.Int64s(intervals + 1)]);

    private Emitter Emit(string value)
    {
        var type = types.Float(value);
        if (!emitters.TryGetValue(type.ToString(), out var emit))
            emitters[type.ToString()] = emit = new Emitter(graph, Opset, type, "ends");
        return emit;
    }
}
