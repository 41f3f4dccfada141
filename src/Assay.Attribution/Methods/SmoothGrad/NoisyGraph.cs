using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Methods;

/// <summary>The gradient of the target where noise is added at every attribution point.</summary>
internal static class NoisyGraph
{
    /// <summary>The input of standard normal numbers, [rows, width of all points].</summary>
    public const string Noise = "assay/noise";

    /// <summary>How many numbers a row's points hold.</summary>
    public static int Width(IReadOnlyList<AttributionPoint> points) =>
        checked((int)points.Sum(p => (long)p.Positions.Count * p.Width));

    /// <summary>
    /// A graph that adds noise · <paramref name="share"/> · scale to each element of a point that belongs to a feature;
    /// its attributions are the gradient there, summed per feature.
    /// </summary>
    /// <param name="points">The model's points.</param>
    /// <param name="head">What is differentiated.</param>
    /// <param name="share">The noise's standard deviation in units of the scale.</param>
    /// <param name="scales">Per point [1, positions, width]; null for |value less baseline|.</param>
    public static OnnxModel Build(PointGraph points, Head head, double share, IReadOnlyList<TensorData>? scales)
    {
        var (model, emit) = (points.Model, points.Emit);
        model.Graph.AddInput(ValueInfos.Tensor(Noise, points.Type, "batch", (long)Width(points.Points)));
        var noisy = new string[points.Points.Count];
        long from = 0;
        for (var i = 0; i < noisy.Length; i++)
        {
            var (positions, width) = (points.Points[i].Positions.Count, points.Points[i].Width);
            long to = from + (long)positions * width;
            var noise = emit.Reshape(emit.Slice(Noise, [from], [to], [1]), -1, positions, width);
            var scale = scales is null
                ? emit.Node("Abs", [points.Difference(i)])
                : emit.Constant(scales[i].Cast(points.Type));
            var own = points.Owners(i).Select(o => o < 0 ? 0 : share).ToArray();
            var mask = emit.Constant(TensorData.From(own, 1, own.Length, 1).Cast(points.Type));
            noisy[i] = emit.Add(points.Rows(i), emit.Mul(noise, emit.Mul(scale, mask)));
            model.Graph.ReplaceUses(points.Sources[i], points.InShape(i, noisy[i]));
            from = to;
        }
        emit.Named(AttributionGraph.Target, "Identity", [head.Value]);
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, points.Type, "batch"));
        model.Graph.SortTopologically();
        var gradients = ReverseMode.Differentiate(model, AttributionGraph.Target, noisy, ShapeProbe.Measure(model));
        points.Collect([.. noisy.Select(n => emit.ReduceSum(gradients[n], [2], keepDims: false))]);
        return points.Finish();
    }
}
