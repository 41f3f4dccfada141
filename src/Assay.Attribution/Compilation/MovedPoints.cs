using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Compilation;

/// <summary>Moves the attribution points of a graph for good: each feature to b + scale · (x − b).</summary>
internal static class MovedPoints
{
    /// <summary>Makes everything behind the points read them moved. One scale for each feature: 1 leaves it, 0 is its baseline.</summary>
    public static void Move(PointGraph points, IReadOnlyList<double> scales)
    {
        for (var i = 0; i < points.Points.Count; i++)
        {
            var each = Array.ConvertAll(points.Owners(i), o => o < 0 ? 1 : scales[o]);
            if (Array.TrueForAll(each, s => s == 1))
                continue;
            var value = Array.TrueForAll(each, s => s == 0) ? AtBaseline(points, i) : Scaled(points, i, each);
            points.Model.Graph.ReplaceUses(points.Sources[i], value);
        }
    }

    private static string Scaled(PointGraph points, int point, double[] scales)
    {
        var mask = TensorData.From(scales, 1, scales.Length, 1).Cast(points.Type);
        return points.Moved(point, points.Difference(point), points.Emit.Constant(mask)).Value;
    }

    // Made without the row's own value, of which only the shape is asked.
    private static string AtBaseline(PointGraph points, int point)
    {
        var emit = points.Emit;
        return points.Baseline(point) is { } baseline
            ? points.InShape(point, emit.ExpandTo(baseline, emit.Shape(points.Rows(point))))
            : emit.FilledLike(points.Points[point].Value, 0);
    }
}
