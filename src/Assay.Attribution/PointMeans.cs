using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>The mean of every attribution point over some rows: the baseline "mean".</summary>
internal static class PointMeans
{
    /// <summary>Per point [1, positions, width]; sums run in row order, in double precision.</summary>
    public static IReadOnlyList<TensorData> Over(
        OnnxModel prepared,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        DataType type,
        IReadOnlyDictionary<string, TensorData> sample
    )
    {
        using var evaluation = new Evaluation(AttributionGraph.BuildPoints(prepared, shapes, points, type), null);
        return [.. points.Select((p, i) => Mean(evaluation.Run(sample, null, AttributionGraph.PointPrefix + i), p))];
    }

    private static TensorData Mean(double[] values, AttributionPoint point)
    {
        var width = point.Positions.Count * point.Width;
        var mean = new double[width];
        for (var i = 0; i < values.Length; i++)
            mean[i % width] += values[i];
        for (var i = 0; i < width; i++)
            mean[i] /= values.Length / width;
        return TensorData.From(mean, 1, point.Positions.Count, point.Width);
    }
}
