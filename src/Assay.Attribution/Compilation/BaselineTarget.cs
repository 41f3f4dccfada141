using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Compilation;

/// <summary>The target at the baseline.</summary>
internal static class BaselineTarget
{
    /// <summary>
    /// A graph with the output <see cref="AttributionGraph.Target"/>: [1], and the same in every run, where nothing of
    /// the row takes part in it (no masks, no lengths, no element that belongs to no feature), else [rows].
    /// </summary>
    public static OnnxModel Build(ExplainedModel explained)
    {
        var points = explained.Points();
        if (!TryMakeConstant(points, explained))
        {
            points = explained.Points();
            MovedPoints.Move(points, explained.All(0));
        }
        points.Emit.Named(AttributionGraph.Target, "Identity", [explained.Head.Value]);
        points.Model.Proto.Graph.Output.Clear();
        points.Model.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, points.Type, null));
        return BaselineInputs.Embed(points.Finish(), explained);
    }

    private static bool TryMakeConstant(PointGraph points, ExplainedModel explained)
    {
        for (var i = 0; i < points.Points.Count; i++)
        {
            var point = points.Points[i];
            if (point.BatchAxis != 0 || points.Owners(i).Any(o => o < 0))
                return false;
            if (explained.Shapes.TryGet(point.Value)?.Dims is not [_, .. var rest] || rest.Any(d => d.Size is null))
                return false;
            long[] dims = [1, .. rest.Select(d => d.Size!.Value)];
            var value = points.Baseline(i) is { } baseline
                ? points.Emit.Reshape(baseline, dims)
                : points.Emit.Constant(Zeros(dims).Cast(points.Type));
            points.Model.Graph.ReplaceUses(points.Sources[i], value);
        }
        var graph = points.Model.Graph;
        return !graph.Reaching([explained.Head.Value]).SelectMany(Subgraphs.Reads).Any(v => IsRow(graph, v));
    }

    private static bool IsRow(Graph graph, string value) =>
        graph.IsInput(value) && !value.StartsWith(GraphCopies.BaselinePrefix, StringComparison.Ordinal);

    private static TensorData Zeros(long[] dims) =>
        TensorData.From(new double[dims.Aggregate(1L, (n, d) => checked(n * d))], dims);
}
