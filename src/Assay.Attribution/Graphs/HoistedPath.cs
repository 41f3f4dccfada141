using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs;

/// <summary>
/// Integrated gradients as one graph, with the linear front taken out of the quadrature. Up to its first nonlinearities
/// every value is affine on the path, so the front is evaluated at both ends only and interpolated; behind it the model
/// runs on nodes × rows as one batch; and since the backward pass below is linear, the weighted sum of the gradients over
/// the nodes is sent through the front once.
/// </summary>
internal sealed partial class HoistedPath
{
    private readonly OnnxModel model;
    private readonly ShapeTable shapes;
    private readonly string batch;
    private readonly Emitter emit;
    private readonly PathRule rule;

    private HoistedPath(PointGraph points, ShapeTable known, string batch, PathRule rule) =>
        (model, emit, shapes, this.batch, this.rule) = (points.Model, points.Emit, known, batch, rule);

    /// <summary>
    /// The graph that returns <see cref="AttributionGraph.Attributions"/> by a rule, and where the rule visits the ends of
    /// the path also <see cref="AttributionGraph.Target"/> and <see cref="AttributionGraph.BaselineTarget"/>; null where
    /// rows cannot be followed through the model (a value behind the front has its rows elsewhere than in front).
    /// </summary>
    /// <exception cref="AssayException">The secant rule cannot share out an operator.</exception>
    public static OnnxModel? TryBuild(PointGraph points, Head head, PathRule rule)
    {
        points.Model.Graph.SortTopologically();
        var known = points.Shapes();
        AffineBlocks.Split(points.Model, known, points.Sources, head.Value);
        var front = AffineFront.Find(points.Model.Graph, points.Sources, head.Value);
        if (front.Frontier.Count == 0 || known.TryGet(front.Frontier[0])?.Dims is not [{ Symbol: { } batch }, ..])
            return null;
        var path = new HoistedPath(points, known, batch, rule);
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
        var still = crossing.Select(Repeat).ToArray();
        foreach (var (value, repeated) in crossing.Zip(still))
            Redirect(value, repeated, behind);
        var end = front.Frontier.Contains(target) ? along[target] : target;
        model.Proto.Graph.Output.Clear();
        for (var level = 0; level < rule.Levels; level++)
        {
            var stride = 1 << level;
            var ends = rule.IsSecant
                ? new PathEnds(model, shapes, along.Values, still, batch, rule.Weights.Length, stride)
                : null;
            var gradients = ReverseMode.Differentiate(model, [(end, null)], [.. along.Values], shapes, ends);
            var weights = Weights(stride);
            var seeds = along.Select(a => (a.Key, (string?)SumOverNodes(a.Key, gradients[a.Value], weights))).ToArray();
            var back = ReverseMode.Differentiate(model, seeds, points.Sources, shapes);
            points.Collect(
                [.. points.Sources.Select((s, i) => Contribution(points, i, back[s]))],
                AttributionGraph.AttributionsOf(level)
            );
        }
        if (rule.IsSecant)
            NameEnds(end);
        return points.Finish();
    }

    // Those of the intervals when so many are taken as one.
    private double[] Weights(int stride) => [.. rule.Weights.Chunk(stride).Select(w => w.Sum())];

    private string Contribution(PointGraph points, int point, string gradient) =>
        emit.ReduceSum(emit.Mul(points.AsRows(point, gradient), points.Difference(point)), [2], keepDims: false);

    // The front once more, with every point at its baseline.
    internal static Dictionary<string, string> CopyAtStart(PointGraph points, AffineFront front)
    {
        var model = points.Model;
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
    internal static string Start(PointGraph points, int point)
    {
        var unclaimed = points.Owners(point).Select(o => o < 0 ? 1.0 : 0).ToArray();
        var mask = points.Emit.Constant(TensorData.From(unclaimed, 1, unclaimed.Length, 1).Cast(points.Type));
        return points.Moved(point, points.Difference(point), mask).Value;
    }

    // [points × rows, …]: the value at every point of the path, one block of rows after the other, as one product with the
    // shares of both ends: a pass over memory instead of one for each operation. Shares of 1 and 0 leave the ends exact.
    private string Interpolate(string value, string start)
    {
        double[] shares = [.. rule.Points.SelectMany(p => new[] { 1 - p, p })];
        var matrix = emit.Constant(TensorData.From(shares, rule.Points.Length, 2).Cast(emit.FloatType));
        var ends = emit.Reshape(emit.Concat([start, value], 0), 2, -1);
        return Known(emit.Reshape(emit.MatMul(matrix, ends), [-1, .. Rest(value)]), value);
    }

    // The same rows for each point.
    private string Repeat(string value)
    {
        var rest = Rest(value);
        var dims = emit.Int64s([rule.Points.Length, 1, .. rest.Select(_ => 1L)]);
        return Known(emit.Reshape(emit.ExpandTo(emit.Unsqueeze(value, 0), dims), [-1, .. rest]), value);
    }

    private string SumOverNodes(string value, string gradient, double[] weights)
    {
        var rest = Rest(value);
        var row = emit.Constant(TensorData.From(weights, 1, weights.Length).Cast(emit.FloatType));
        var summed = emit.MatMul(row, emit.Reshape(gradient, weights.Length, -1));
        return emit.Reshape(summed, [-1, .. rest]);
    }

    // The first and the last block of the target.
    private void NameEnds(string target)
    {
        var blocks = emit.Reshape(target, rule.Points.Length, -1);
        foreach (var (name, at) in new[] { (AttributionGraph.BaselineTarget, 0), (AttributionGraph.Target, -1) })
        {
            emit.Named(name, "Gather", [blocks, emit.Int64(at)], ("axis", 0L));
            model.Graph.AddOutput(ValueInfos.Tensor(name, emit.FloatType, "batch"));
        }
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
