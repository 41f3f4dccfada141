using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Interactions;

/// <summary>
/// The graph behind integrated Hessians: the model with every feature moved to b + p·(x − b), its gradient times the
/// difference per feature, and the derivative of one feature's share of that (which one is an input) with respect to all.
/// </summary>
internal static class HessianGraph
{
    /// <summary>Input [batch, features]: 1 for the feature whose row of the Hessian is wanted.</summary>
    public const string Direction = "assay/direction";

    /// <summary>Output [batch, features]: that row, each entry times both differences.</summary>
    public const string Row = "assay/hessian-row";

    public static OnnxModel Build(PointGraph points, Head head, double sharpness)
    {
        var (model, emit) = (points.Model, points.Emit);
        model.Graph.AddInput(
            ValueInfos.Tensor(AttributionGraph.PresentOfRow, points.Type, "batch", points.Features.Count)
        );
        model.Graph.AddInput(ValueInfos.Tensor(Direction, points.Type, "batch", points.Features.Count));
        emit.Named(AttributionGraph.Present, "Identity", [AttributionGraph.PresentOfRow]);
        var differences = new string[points.Points.Count];
        var moved = new string[points.Points.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            differences[i] = points.Difference(i);
            var mask = emit.Unsqueeze(AttributionGraph.PresentAt(emit, points.Owners(i)), 2);
            (moved[i], var value) = points.Moved(i, differences[i], mask);
            model.Graph.ReplaceUses(points.Sources[i], value);
        }
        emit.Named(AttributionGraph.Target, "Identity", [head.Value]);
        SmoothKinks.Replace(model, emit, sharpness);
        model.Proto.Graph.Output.Clear();
        model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, points.Type, "batch"));
        points.Collect(Shares(AttributionGraph.Target));
        var share = emit.ReduceSum(emit.Mul(AttributionGraph.Attributions, Direction), [1], keepDims: false);
        points.Collect(Shares(share), Row);
        return points.Finish();

        // ∂/∂(moved point) · difference, summed over each looked-up vector.
        IReadOnlyList<string> Shares(string of)
        {
            model.Graph.SortTopologically();
            var gradients = ReverseMode.Differentiate(model, of, moved, ShapeProbe.Measure(model));
            return
            [
                .. moved.Select((m, i) => emit.ReduceSum(emit.Mul(gradients[m], differences[i]), [2], keepDims: false)),
            ];
        }
    }
}
