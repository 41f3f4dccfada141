using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs;

/// <summary>What the gradient at an attribution point is multiplied by before it is summed to one number per feature.</summary>
internal enum Weighting
{
    /// <summary>Nothing: the gradient itself, summed over the looked-up vector.</summary>
    One,

    /// <summary>The point's value.</summary>
    Input,

    /// <summary>The point's value less its baseline.</summary>
    Difference,
}

/// <summary>
/// The graph behind most methods: the user's model in which each feature i is moved to b + pᵢ·(x − b) at its attribution
/// points, p being an input ("present", [1, features]: 1 the row's own value, 0 the baseline, between them the path),
/// with the target and, if asked for, ∂target/∂point · weight summed per feature as outputs.
/// </summary>
internal sealed class AttributionGraph
{
    public const string Present = "assay/present";
    public const string Target = "assay/target";
    public const string Attributions = "assay/attributions";
    public const string PointPrefix = "assay/point/";

    private readonly OnnxModel model;
    private readonly ShapeTable shapes;
    private readonly IReadOnlyList<AttributionPoint> points;
    private readonly IReadOnlyList<FeatureSlot> features;
    private readonly IReadOnlyDictionary<InputElement, int> owners;
    private readonly Emitter emit;
    private readonly DataType type;

    private AttributionGraph(
        OnnxModel prepared,
        ShapeTable shapes,
        DataType type,
        IReadOnlyList<AttributionPoint> points,
        IReadOnlyList<FeatureSlot> features
    )
    {
        model = prepared.Clone();
        (this.shapes, this.points, this.features, this.type) = (shapes, points, features, type);
        owners = FeatureSlot.Owners(features);
        emit = new Emitter(model.Graph, model.Opset, type, "assay");
    }

    /// <summary>
    /// Builds the graph on a prepared model whose target is resolved.
    /// </summary>
    /// <param name="prepared">The working copy; not changed.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="head">The target.</param>
    /// <param name="points">Where features enter.</param>
    /// <param name="features">The players, the columns of "present" and of the attributions.</param>
    /// <param name="means">Per point its mean [1, positions, width], for the mean baseline; else null.</param>
    /// <param name="baselineRows">Whether the baseline comes as rows, fed as <c>baseline/NAME</c>.</param>
    /// <param name="weighting">The gradient output wanted; null for the target alone.</param>
    public static OnnxModel Build(
        OnnxModel prepared,
        ShapeTable shapes,
        Head head,
        IReadOnlyList<AttributionPoint> points,
        IReadOnlyList<FeatureSlot> features,
        IReadOnlyList<TensorData>? means,
        bool baselineRows,
        Weighting? weighting
    )
    {
        var type = shapes.TryGet(head.Value)?.Type ?? shapes.TryGet(head.Output)?.Type ?? DataType.Float;
        var build = new AttributionGraph(prepared, shapes, type, points, features);
        return build.Run(head, means, baselineRows, weighting);
    }

    /// <summary>A graph that only returns every point as [rows, positions, width], under <see cref="PointPrefix"/> and its number.</summary>
    public static OnnxModel BuildPoints(
        OnnxModel prepared,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        DataType type
    )
    {
        var build = new AttributionGraph(prepared, shapes, type, points, []);
        build.model.Proto.Graph.Output.Clear();
        for (var i = 0; i < points.Count; i++)
        {
            var rows = new PointLayout(points[i], shapes).ToRows(build.emit, points[i].Value);
            build.emit.Named(PointPrefix + i, "Identity", [rows]);
            build.model.Graph.AddOutput(ValueInfos.Tensor(PointPrefix + i, type, null));
        }
        return build.Finish();
    }

    private OnnxModel Run(Head head, IReadOnlyList<TensorData>? means, bool baselineRows, Weighting? weighting)
    {
        var copies = baselineRows
            ? GraphCopies.OnBaselineRows(model.Graph, points.Select(p => p.Pooling?.Lookup ?? p.Value))
            : null;
        model.Graph.AddInput(ValueInfos.Tensor(Present, type, 1L, features.Count));
        var moved = new string[points.Count];
        var weights = new string[points.Count];
        for (var i = 0; i < points.Count; i++)
            (moved[i], weights[i]) = Move(
                points[i],
                means?[i],
                copies is null ? null : OnBaseline(points[i], copies),
                weighting ?? Weighting.Difference
            );
        emit.Named(Target, "Identity", [head.Value]);
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(Target, type, "batch"));
        if (weighting is not null)
        {
            model.Graph.SortTopologically();
            var measured = ShapeProbe.Measure(model);
            var gradients = ReverseMode.Differentiate(model, Target, moved, measured);
            Collect([.. moved.Select((m, i) => Weighted(gradients[m], weights[i], weighting.Value))]);
            model.Graph.AddOutput(ValueInfos.Tensor(Attributions, type, "batch", features.Count));
        }
        return Finish();
    }

    // A bag's baseline is made of the baseline's vectors under the row's own masks.
    private string OnBaseline(AttributionPoint point, IReadOnlyDictionary<string, string> copies) =>
        point.Pooling is { } bag ? bag.Repeat(model.Graph, copies[bag.Lookup]) : copies[point.Value];

    // z = b + m·(w − b) takes the point's place for everything behind it; returns z and what its gradient is weighted by.
    private (string Moved, string Weight) Move(
        AttributionPoint point,
        TensorData? mean,
        string? copy,
        Weighting weighting
    )
    {
        var layout = new PointLayout(point, shapes);
        var readers = model.Graph.Consumers(point.Value).ToArray();
        var keepers = point.Keepers.Select(k => k.Output[0]).ToHashSet();
        var own = layout.ToRows(emit, point.Value);
        var baseline =
            mean is not null ? emit.Constant(mean.Cast(type))
            : copy is not null ? layout.ToRows(emit, copy)
            : null;
        var difference = baseline is null ? own : emit.Sub(own, baseline);
        var scaled = emit.Mul(difference, Mask(point));
        var moved = emit.Node("Identity", [baseline is null ? scaled : emit.Add(baseline, scaled)]);
        var back = layout.FromRows(emit, moved);
        var except = model
            .Graph.Consumers(point.Value)
            .Where(n => !readers.Contains(n) || keepers.Contains(n.Output[0]));
        model.Graph.ReplaceUses(point.Value, back, [.. except]);
        return (moved, weighting == Weighting.Difference ? difference : own);
    }

    // [1, positions, 1]: the present of the feature at each position; 1 where no feature claims it.
    private string Mask(AttributionPoint point)
    {
        var owner = Owners(point);
        var columns = emit.Gather(
            emit.Concat([Present, emit.Constant(TensorData.From([1.0], 1, 1).Cast(type))], 1),
            emit.Int64s([.. owner.Select(o => o < 0 ? features.Count : (long)o)]),
            1
        );
        return emit.Unsqueeze(columns, 2);
    }

    private int[] Owners(AttributionPoint point) => [.. point.Positions.Select(p => owners.GetValueOrDefault(p, -1))];

    private string Weighted(string gradient, string weight, Weighting weighting) =>
        emit.ReduceSum(weighting == Weighting.One ? gradient : emit.Mul(gradient, weight), [2], keepDims: false);

    // [rows, all positions] × a 0/1 matrix [all positions, features].
    private void Collect(string[] contributions)
    {
        var columns = points.SelectMany(Owners).ToArray();
        var matrix = new double[columns.Length * features.Count];
        for (var p = 0; p < columns.Length; p++)
            if (columns[p] >= 0)
                matrix[p * features.Count + columns[p]] = 1;
        var selection = emit.Constant(TensorData.From(matrix, columns.Length, features.Count).Cast(type));
        emit.Named(Attributions, "MatMul", [emit.Concat(contributions, 1), selection]);
    }

    private OnnxModel Finish()
    {
        model.Proto.Graph.ValueInfo.Clear();
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
        return model;
    }
}
