using Assay.Attribution.Layers;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Graphs;

/// <summary>
/// The integrands of layer methods at one point of the path, <see cref="AttributionGraph.Present"/> saying which: for
/// quadrature by nodes, which every differentiable model allows. How fast a layer moves along the path comes from
/// differentiating twice: its gradient is linear in what it starts from (Griewank and Walther 2008, section 3.2).
/// </summary>
internal static class LayerNodes
{
    /// <summary>
    /// The graph that returns the integrand as <see cref="AttributionGraph.Attributions"/>: by unit, or by feature for
    /// <see cref="LayerQuantity.Flow"/>.
    /// </summary>
    public static OnnxModel Build(PointGraph points, Head head, LayerPoint layer, LayerQuantity quantity)
    {
        if (quantity == LayerQuantity.Replaced)
            return BuildReplaced(points, head, layer);
        var model = points.Model;
        var value = points.Behind(layer.Value);
        var moved = new (string Rows, string Value, string Difference)[points.Points.Count];
        model.Graph.AddInput(ValueInfos.Tensor(AttributionGraph.Present, points.Type, 1L, points.Features.Count));
        for (var i = 0; i < moved.Length; i++)
        {
            var difference = points.Difference(i);
            var (rows, at) = points.Moved(i, difference, AttributionGraph.Mask(points, i));
            model.Graph.ReplaceUses(points.Sources[i], at);
            moved[i] = (rows, at, difference);
            // A layer that is a point itself is where the point is moved to.
            if (value == points.Sources[i])
                value = at;
        }
        var gradient = Gradient(model, head.Value, value);
        switch (quantity)
        {
            case LayerQuantity.Influence:
                Name(points, gradient, layer);
                break;
            case LayerQuantity.Conductance:
                Name(points, points.Emit.Mul(gradient, Speed(points, value, moved)), layer);
                break;
            default:
                CollectFlow(points, gradient, value, moved, layer);
                break;
        }
        return points.Finish();
    }

    /// <summary>Gradient times value of each unit at the rows themselves, and the target.</summary>
    public static OnnxModel BuildAtRow(PointGraph points, Head head, LayerPoint layer)
    {
        var value = points.Behind(layer.Value);
        var gradient = Gradient(points.Model, head.Value, value);
        Name(points, points.Emit.Mul(gradient, value), layer);
        points.Emit.Named(AttributionGraph.Target, "Identity", [head.Value]);
        points.Model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, points.Type, "batch"));
        return points.Finish();
    }

    private static string Gradient(OnnxModel model, string target, string value)
    {
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(new ValueInfoProto { Name = target });
        model.Graph.SortTopologically();
        var gradient = ReverseMode.Differentiate(model, [(target, null)], [value], ShapeProbe.Measure(model))[value];
        model.Proto.Graph.Output.Clear();
        return gradient;
    }

    private static void CollectFlow(
        PointGraph points,
        string gradient,
        string value,
        (string Rows, string Value, string Difference)[] moved,
        LayerPoint layer
    )
    {
        var (model, emit) = (points.Model, points.Emit);
        var shapes = ShapeProbe.Measure(model);
        var seed = layer.Unit is null ? gradient : emit.Mul(gradient, Selected(points, value, layer, shapes));
        var back = ReverseMode.Differentiate(model, [(value, seed)], [.. moved.Select(m => m.Rows)], shapes);
        points.Collect([
            .. moved.Select(m => emit.ReduceSum(emit.Mul(back[m.Rows], m.Difference), [2], keepDims: false)),
        ]);
    }

    // d(vᵀ J d)/dv = J d: how the layer moves when every point moves by its difference.
    private static string Speed(PointGraph points, string value, (string Rows, string Value, string Difference)[] moved)
    {
        var (model, emit) = (points.Model, points.Emit);
        var start = emit.FilledLike(value, 0);
        model.Graph.SortTopologically();
        var back = ReverseMode.Differentiate(
            model,
            [(value, start)],
            [.. moved.Select(m => m.Rows)],
            ShapeProbe.Measure(model)
        );
        (string, string?)[] products =
        [
            .. moved.Select((m, i) => (emit.Mul(back[m.Rows], Claimed(points, i, m.Difference)), (string?)null)),
        ];
        model.Graph.SortTopologically();
        return ReverseMode.Differentiate(model, products, [start], ShapeProbe.Measure(model))[start];
    }

    // What no feature claims does not move.
    private static string Claimed(PointGraph points, int point, string difference)
    {
        var claimed = points.Owners(point).Select(o => o < 0 ? 0.0 : 1).ToArray();
        return claimed.All(c => c == 1)
            ? difference
            : points.Emit.Mul(
                difference,
                points.Emit.Constant(TensorData.From(claimed, 1, claimed.Length, 1).Cast(points.Type))
            );
    }

    // The layer at its baseline is a copy of all that leads to it; it moves while everything beside it stays.
    private static OnnxModel BuildReplaced(PointGraph points, Head head, LayerPoint layer)
    {
        var (model, emit) = (points.Model, points.Emit);
        model.Graph.AddInput(ValueInfos.Tensor(AttributionGraph.Present, points.Type, 1L, points.Features.Count));
        model.Graph.SortTopologically();
        var value = points.Behind(layer.Value);
        var start = HoistedPath.CopyAtStart(points, AffineFront.Before(points.Model.Graph, points.Sources, value))[
            value
        ];
        var difference = emit.Sub(value, start);
        var alpha = emit.Node("ReduceMax", [AttributionGraph.Present], ("keepdims", 0L));
        var at = emit.Add(start, emit.Mul(alpha, difference));
        var kept = model.Graph.Producer(difference)!;
        model.Graph.ReplaceUses(value, at, kept);
        var gradient = Gradient(model, head.Value == value ? at : head.Value, at);
        Name(points, emit.Mul(gradient, difference), layer);
        return points.Finish();
    }

    private static void Name(PointGraph points, string value, LayerPoint layer)
    {
        points.Emit.Named(AttributionGraph.Attributions, "Reshape", [value, points.Emit.Int64s(-1, layer.Units)]);
        points.Model.Graph.AddOutput(
            ValueInfos.Tensor(AttributionGraph.Attributions, points.Type, "batch", layer.Units)
        );
    }

    private static string Selected(PointGraph points, string value, LayerPoint layer, ShapeTable shapes)
    {
        var mask = new double[layer.Units];
        mask[layer.Unit!.Value] = 1;
        long[] rest = [.. shapes.TryGet(value)!.Dims.Skip(1).Select(d => d.Size!.Value)];
        return points.Emit.Constant(TensorData.From(mask, [1, .. rest]).Cast(points.Type));
    }
}
