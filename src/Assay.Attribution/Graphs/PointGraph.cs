using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs;

/// <summary>What a feature is compared with, as a graph needs it.</summary>
/// <param name="Means">Per point its mean [1, positions, width]; null unless the baseline is the mean.</param>
/// <param name="Rows">Whether the baseline comes as rows, fed as <c>baseline/NAME</c>.</param>
internal sealed record GraphBaseline(IReadOnlyList<TensorData>? Means, bool Rows);

/// <summary>
/// A copy of a prepared model that is being rewritten at its attribution points: own values and baselines of the points
/// as [rows, positions, width], redirection of what reads them, and the sum to one number per feature.
/// </summary>
internal sealed class PointGraph
{
    private const long MaximumSelection = 1 << 26;

    private readonly IReadOnlyDictionary<InputElement, int> owners;
    private readonly ShapeTable prepared;
    private readonly string[] own;
    private readonly string?[] baselines;

    /// <summary>Copies the model. The points' own values and baselines are added to the copy.</summary>
    public PointGraph(
        OnnxModel model,
        ShapeTable shapes,
        DataType type,
        IReadOnlyList<AttributionPoint> points,
        IReadOnlyList<FeatureSlot> features,
        GraphBaseline baseline
    )
    {
        Model = model.Clone();
        (prepared, Points, Features, Type) = (shapes, points, features, type);
        owners = FeatureSlot.Owners(features);
        Emit = new Emitter(Model.Graph, Model.Opset, type, "assay");
        var copies = baseline.Rows
            ? GraphCopies.OnBaselineRows(Model.Graph, points.SelectMany(p => p.Pooling?.Lookups ?? [p.Value]))
            : null;
        baselines =
        [
            .. points.Select(
                (p, i) =>
                    baseline.Means is { } means ? Emit.Constant(means[i].Cast(type))
                    : copies is null ? null
                    : Layout(p).ToRows(Emit, OnBaseline(p, copies))
            ),
        ];
        own = new string[points.Count];
        for (var i = 0; i < points.Count; i++)
            own[i] = Redirect(points[i]);
    }

    /// <summary>The copy.</summary>
    public OnnxModel Model { get; }

    /// <summary>Adds to the copy.</summary>
    public Emitter Emit { get; }

    /// <summary>The points.</summary>
    public IReadOnlyList<AttributionPoint> Points { get; }

    /// <summary>The players.</summary>
    public IReadOnlyList<FeatureSlot> Features { get; }

    /// <summary>The element type of the explained part.</summary>
    public DataType Type { get; }

    /// <summary>The value that stands for each point behind it, in the point's own shape.</summary>
    public string[] Sources => own;

    /// <summary>The value that stands for another behind the points: a point's own source, or the value itself.</summary>
    public string Behind(string value)
    {
        for (var i = 0; i < own.Length; i++)
            if (Points[i].Value == value)
                return own[i];
        return value;
    }

    /// <summary>What is known of the prepared model's values, and of the sources; a copy to add to.</summary>
    public ShapeTable Shapes()
    {
        var table = prepared.Copy();
        for (var i = 0; i < own.Length; i++)
            if (prepared.TryGet(Points[i].Value) is { } shape)
                table.Set(own[i], shape);
        return table;
    }

    /// <summary>A point's value as [rows, positions, width].</summary>
    public string Rows(int point) => Layout(Points[point]).ToRows(Emit, Points[point].Value);

    /// <summary>A value [rows, positions, width] in the shape of a point.</summary>
    public string InShape(int point, string rows) => Layout(Points[point]).FromRows(Emit, rows);

    /// <summary>A value in the shape of a point as [rows, positions, width].</summary>
    public string AsRows(int point, string value) => Layout(Points[point]).ToRows(Emit, value);

    /// <summary>A value in the shape of a point, summed over each looked-up vector: [rows, positions].</summary>
    public string SumPerPosition(int point, string value) =>
        Points[point] is { Width: 1, BatchAxis: 0 } && prepared.Rank(Points[point].Value) is 2
            ? value
            : Emit.ReduceSum(AsRows(point, value), [2], keepDims: false);

    /// <summary>A point's baseline, [rows or 1, positions, width]; null for zero.</summary>
    public string? Baseline(int point) => baselines[point];

    /// <summary>What a point's gradient is multiplied by on a path: its value less its baseline, as rows.</summary>
    public string Difference(int point)
    {
        var rows = Rows(point);
        return baselines[point] is { } baseline ? Emit.Sub(rows, baseline) : rows;
    }

    /// <summary>
    /// A point moved to baseline + m · difference, in its own shape; <paramref name="mask"/> is [1, positions, 1]. Returns
    /// also the moved rows, to differentiate by.
    /// </summary>
    public (string Rows, string Value) Moved(int point, string difference, string mask)
    {
        var scaled = Emit.Mul(difference, mask);
        var rows = Emit.Node("Identity", [baselines[point] is { } baseline ? Emit.Add(baseline, scaled) : scaled]);
        return (rows, InShape(point, rows));
    }

    /// <summary>The feature at each position of a point; −1 where none claims it.</summary>
    public int[] Owners(int point) => [.. Points[point].Positions.Select(p => owners.GetValueOrDefault(p, -1))];

    /// <summary>Makes the contributions, [rows, positions] of each point, an output.</summary>
    public void Collect(IReadOnlyList<string> contributions, string output = AttributionGraph.Attributions)
    {
        // [rows, all positions] × a 0/1 matrix [all positions, features].
        var columns = Enumerable.Range(0, Points.Count).SelectMany(Owners).ToArray();
        if ((long)columns.Length * Features.Count > MaximumSelection)
            throw AssayException.Input(
                $"{Features.Count} features at {columns.Length} positions are too many; put features into groups."
            );
        var matrix = new double[columns.Length * Features.Count];
        for (var p = 0; p < columns.Length; p++)
            if (columns[p] >= 0)
                matrix[p * Features.Count + columns[p]] = 1;
        var selection = Emit.Constant(TensorData.From(matrix, columns.Length, Features.Count).Cast(Type));
        Emit.Named(output, "MatMul", [Emit.Concat(contributions, 1), selection]);
        Model.Graph.AddOutput(ValueInfos.Tensor(output, Type, "batch", Features.Count));
    }

    /// <summary>The finished model, sorted, with nothing in it that its outputs do not need.</summary>
    public OnnxModel Finish()
    {
        Model.Proto.Graph.ValueInfo.Clear();
        Model.Graph.PruneUnreachable();
        Model.Graph.SortTopologically();
        return Model;
    }

    private PointLayout Layout(AttributionPoint point) => new(point, prepared);

    // A bag's baseline is made of the baseline's vectors under the row's own masks.
    private string OnBaseline(AttributionPoint point, IReadOnlyDictionary<string, string> copies) =>
        point.Pooling is { } bag ? bag.Repeat(Model.Graph, copies) : copies[point.Value];

    // Everything that reads the point as a number goes on to read a value of its own, which can be moved.
    private string Redirect(AttributionPoint point)
    {
        var keepers = point.Keepers.Select(k => k.Output[0]).ToHashSet();
        var except = Model.Graph.Consumers(point.Value).Where(n => keepers.Contains(n.Output[0])).ToArray();
        var source = Model.Graph.FreshName("assay/source");
        Model.Graph.ReplaceUses(point.Value, source, except);
        return Emit.Named(source, "Identity", [point.Value]);
    }
}
