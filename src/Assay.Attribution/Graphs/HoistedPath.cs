using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs;

/// <summary>
/// Integrated gradients as one graph, with the linear front taken out of the quadrature. Up to its first nonlinearities
/// every value is affine on the path, so the front is evaluated at both ends only and interpolated; behind it the model
/// runs on rows × nodes as one batch; and since the backward pass below is linear, the weighted sum of the gradients over
/// the nodes is sent through the front once.
/// </summary>
internal sealed class HoistedPath
{
    private readonly OnnxModel model;
    private readonly ShapeTable shapes;
    private readonly string batch;
    private readonly Emitter emit;
    private readonly int count;
    private readonly string nodes;
    private readonly string weights;

    private HoistedPath(PointGraph points, ShapeTable known, string batch, double[] nodes, double[] weights)
    {
        (model, emit, this.batch, count) = (points.Model, points.Emit, batch, nodes.Length);
        shapes = known;
        this.nodes = emit.Constant(TensorData.From(nodes, nodes.Length).Cast(emit.FloatType));
        this.weights = emit.Constant(TensorData.From(weights, 1, weights.Length).Cast(emit.FloatType));
    }

    /// <summary>
    /// The graph that returns <see cref="AttributionGraph.Attributions"/> of the rule given by
    /// <paramref name="nodes"/> and <paramref name="weights"/> on [0, 1]; null where rows cannot be followed through the
    /// model (a value behind the front has its rows elsewhere than in front).
    /// </summary>
    public static OnnxModel? TryBuild(PointGraph points, Head head, double[] nodes, double[] weights)
    {
        points.Model.Graph.SortTopologically();
        var front = AffineFront.Find(points.Model.Graph, points.Sources, head.Value);
        var known = points.Shapes();
        if (front.Frontier.Count == 0 || known.TryGet(front.Frontier[0])?.Dims is not [{ Symbol: { } batch }, ..])
            return null;
        var path = new HoistedPath(points, known, batch, nodes, weights);
        return path.CanFollow(front, head.Value) ? path.Build(points, front, head.Value) : null;
    }

    private bool CanFollow(AffineFront front, string target) =>
        front.Frontier.All(IsRowwise)
        // A shape taken of the frontier may not steer the front itself: behind the front it counts more rows.
        && !Behind(front, target).Any(model.Graph.Reaching(front.Frontier).Contains)
        && Crossing(front, target).All(IsRowwise)
        && shapes.TryGet(target)?.Dims is [{ Symbol: { } symbol }]
        && symbol == batch;

    // Rows in front, and sizes behind them that do not depend on the batch.
    private bool IsRowwise(string value) =>
        shapes.TryGet(value)?.Dims is [{ Symbol: { } symbol }, .. var rest]
        && symbol == batch
        && rest.All(d => d.Size is not null);

    // What the nodes behind the front read from before it, other than the frontier and constants.
    private string[] Crossing(AffineFront front, string target)
    {
        var behind = Behind(front, target);
        var made = behind.SelectMany(n => n.Output).Concat(front.Frontier).ToHashSet();
        var fed = model.Graph.Downstream([.. model.Graph.Inputs.Select(i => i.Name)]);
        return [.. behind.SelectMany(Subgraphs.Reads).Distinct().Where(v => !made.Contains(v) && fed.Contains(v))];
    }

    private NodeProto[] Behind(AffineFront front, string target)
    {
        var needed = model.Graph.Reaching([target]);
        var outputs = model.Graph.Downstream(front.Frontier).Except(front.Frontier).ToHashSet();
        return
        [
            .. model.Graph.Nodes.Where(n => needed.Contains(n) && !front.Contains(n) && n.Output.Any(outputs.Contains)),
        ];
    }

    private OnnxModel Build(PointGraph points, AffineFront front, string target)
    {
        // By reference: a node that is edited would not be found again by its content.
        var behind = new HashSet<NodeProto>(Behind(front, target), ReferenceEqualityComparer.Instance);
        var crossing = Crossing(front, target);
        var start = CopyAtStart(points, front);
        var along = front.Frontier.ToDictionary(v => v, v => Interpolate(v, start[v]));
        foreach (var (value, moved) in along)
            Redirect(value, moved, behind);
        foreach (var value in crossing)
            Redirect(value, Repeat(value), behind);
        var end = front.Frontier.Contains(target) ? along[target] : target;
        var gradients = ReverseMode.Differentiate(model, end, [.. along.Values], shapes);
        var seeds = along.Select(a => (a.Key, (string?)SumOverNodes(a.Key, gradients[a.Value]))).ToArray();
        var back = ReverseMode.Differentiate(model, seeds, points.Sources, shapes);
        model.Proto.Graph.Output.Clear();
        points.Collect([.. points.Sources.Select((s, i) => Contribution(points, i, back[s]))]);
        return points.Finish();
    }

    private string Contribution(PointGraph points, int point, string gradient) =>
        emit.ReduceSum(emit.Mul(points.AsRows(point, gradient), points.Difference(point)), [2], keepDims: false);

    // The front once more, with every point at its baseline.
    private Dictionary<string, string> CopyAtStart(PointGraph points, AffineFront front)
    {
        var names = new Dictionary<string, string>();
        for (var i = 0; i < points.Sources.Length; i++)
            names[points.Sources[i]] = Start(points, i);
        foreach (var node in front.Nodes)
        {
            var copy = node.Clone();
            foreach (var read in node.Input.Distinct().Where(names.ContainsKey))
                Subgraphs.RenameReads(copy, read, names[read]);
            for (var i = 0; i < copy.Output.Count; i++)
                if (copy.Output[i].Length > 0)
                    copy.Output[i] = names[node.Output[i]] = model.Graph.FreshName("start/" + node.Output[i]);
            copy.Name = copy.Output[0];
            model.Graph.Add(copy);
        }
        return names;
    }

    // What no feature claims stays the row's own all along the path.
    private string Start(PointGraph points, int point)
    {
        var unclaimed = points.Owners(point).Select(o => o < 0 ? 1.0 : 0).ToArray();
        var mask = emit.Constant(TensorData.From(unclaimed, 1, unclaimed.Length, 1).Cast(emit.FloatType));
        return points.Moved(point, points.Difference(point), mask).Value;
    }

    // [rows × nodes, …]: the value at every node of the path, the nodes of one row side by side.
    private string Interpolate(string value, string start)
    {
        var rest = Rest(value);
        var difference = emit.Unsqueeze(emit.Sub(value, start), 1);
        var alpha = emit.Reshape(nodes, [1, count, .. rest.Select(_ => 1L)]);
        var along = emit.Add(emit.Unsqueeze(start, 1), emit.Mul(difference, alpha));
        return Known(emit.Reshape(along, [-1, .. rest]), value);
    }

    // The same rows for each node.
    private string Repeat(string value)
    {
        var rest = Rest(value);
        var dims = emit.Int64s([1, count, .. rest]);
        return Known(emit.Reshape(emit.ExpandTo(emit.Unsqueeze(value, 1), dims), [-1, .. rest]), value);
    }

    private string SumOverNodes(string value, string gradient)
    {
        var rest = Rest(value);
        var width = rest.Aggregate(1L, (p, d) => p * d);
        var summed = emit.MatMul(weights, emit.Reshape(gradient, -1, count, width));
        return emit.Reshape(summed, [-1, .. rest]);
    }

    private long[] Rest(string value) => [.. shapes.TryGet(value)!.Dims.Skip(1).Select(d => d.Size!.Value)];

    private string Known(string made, string like)
    {
        shapes.Set(made, shapes.TryGet(like)!);
        return made;
    }

    private void Redirect(string value, string replacement, HashSet<NodeProto> readers) =>
        model.Graph.ReplaceUses(value, replacement, [.. model.Graph.Consumers(value).Where(n => !readers.Contains(n))]);
}
