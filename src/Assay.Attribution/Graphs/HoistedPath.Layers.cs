using Assay.Attribution.Layers;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution.Graphs;

/// <summary>What is asked of a layer along a path.</summary>
internal enum LayerQuantity
{
    /// <summary>∫ ∂f/∂h dα, by unit.</summary>
    Influence,

    /// <summary>∫ ∂f/∂h · dh/dα dα, by unit.</summary>
    Conductance,

    /// <summary>(h − h₀) · ∫ ∂f/∂h dα, the layer alone moving from its value at the baseline: by unit.</summary>
    Replaced,

    /// <summary>The part of each feature's integrated gradient that passes the layer (or one unit of it): by feature.</summary>
    Flow,
}

/// <summary>Slopes at a layer inside the model along the path of the features, or along its own.</summary>
internal sealed partial class HoistedPath
{
    /// <summary>
    /// The graph that returns <see cref="AttributionGraph.Attributions"/> of a layer by slopes over intervals, and the
    /// targets at both ends; null where rows cannot be followed through the model.
    /// </summary>
    /// <exception cref="AssayException">The secant rule cannot share out an operator.</exception>
    public static OnnxModel? TryBuildLayer(
        PointGraph points,
        Head head,
        PathRule rule,
        LayerPoint layer,
        LayerQuantity quantity
    )
    {
        points.Model.Graph.SortTopologically();
        var known = points.Shapes();
        var value = points.Behind(layer.Value);
        var front =
            quantity == LayerQuantity.Replaced
                ? AffineFront.Before(points.Model.Graph, points.Sources, value)
                : AffineFront.None(points.Model.Graph, points.Sources, head.Value);
        if (front.Frontier.Count == 0 || known.TryGet(front.Frontier[0])?.Dims is not [{ Symbol: { } batch }, ..])
            return null;
        var path = new HoistedPath(points, known, batch, rule);
        return path.CanFollow(front, head.Value) && path.IsRowwise(value)
            ? path.BuildLayer(points, front, head.Value, value, layer, quantity)
            : null;
    }

    private OnnxModel BuildLayer(
        PointGraph points,
        AffineFront front,
        string target,
        string value,
        LayerPoint layer,
        LayerQuantity quantity
    )
    {
        var behind = new HashSet<NodeProto>(Behind(front, target), ReferenceEqualityComparer.Instance);
        var crossing = Crossing(front, target);
        var start = CopyAtStart(points, front);
        var along = front.Frontier.ToDictionary(v => v, v => Interpolate(v, start[v]));
        foreach (var (v, moved) in along)
            Redirect(v, moved, behind);
        var still = crossing.Select(Repeat).ToArray();
        foreach (var (v, repeated) in crossing.Zip(still))
            Redirect(v, repeated, behind);
        var end = along.GetValueOrDefault(target, target);
        var at = along.GetValueOrDefault(value, value);
        model.Proto.Graph.Output.Clear();
        var ends = new PathEnds(model, shapes, along.Values, still, batch, rule.Weights.Length);
        // What moves beside the layer has slopes too, or it would pass for a jump; nothing reads them.
        var slopes = ReverseMode.Differentiate(model, [(end, null)], [at, .. along.Values], shapes, ends)[at];
        if (quantity == LayerQuantity.Flow)
            CollectFlow(points, along, at, slopes, layer, ends);
        else
            NameUnits(
                quantity switch
                {
                    LayerQuantity.Influence => SumOverNodes(value, slopes, rule.Weights),
                    LayerQuantity.Conductance => SumOverNodes(
                        value,
                        emit.Mul(slopes, ends.Change(at)),
                        [.. rule.Weights.Select(_ => 1.0)]
                    ),
                    _ => emit.Mul(SumOverNodes(value, slopes, rule.Weights), emit.Sub(value, start[value])),
                },
                layer
            );
        // While the layer moves by itself, the ends of the path are not those of the features.
        if (quantity != LayerQuantity.Replaced)
            NameEnds(end);
        return points.Finish();
    }

    private void NameUnits(string value, LayerPoint layer)
    {
        emit.Named(AttributionGraph.Attributions, "Reshape", [value, emit.Int64s(-1, layer.Units)]);
        model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Attributions, emit.FloatType, "batch", layer.Units));
    }

    // The slopes at the layer go on to the features; those of the other units stay behind.
    private void CollectFlow(
        PointGraph points,
        Dictionary<string, string> along,
        string at,
        string slopes,
        LayerPoint layer,
        PathEnds ends
    )
    {
        var seed = layer.Unit is null ? slopes : emit.Mul(slopes, Selected(at, layer));
        var back = ReverseMode.Differentiate(model, [(at, seed)], [.. along.Values], shapes, ends);
        string Sum(string source) =>
            along.TryGetValue(source, out var moved)
                ? SumOverNodes(source, back[moved], rule.Weights)
                : emit.FilledLike(source, 0);
        points.Collect([.. points.Sources.Select((s, i) => Contribution(points, i, Sum(s)))]);
        if (layer.Unit is null)
        {
            var units = SumOverNodes(at, emit.Mul(slopes, ends.Change(at)), [.. rule.Weights.Select(_ => 1.0)]);
            emit.Named(AttributionGraph.Units, "Reshape", [units, emit.Int64s(-1, layer.Units)]);
            model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Units, emit.FloatType, "batch", layer.Units));
        }
    }

    private string Selected(string value, LayerPoint layer)
    {
        var mask = new double[layer.Units];
        mask[layer.Unit!.Value] = 1;
        return emit.Constant(TensorData.From(mask, [1, .. Rest(value)]).Cast(emit.FloatType));
    }
}
