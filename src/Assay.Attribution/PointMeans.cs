using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>The mean of every attribution point over some rows: the baseline "mean".</summary>
internal static class PointMeans
{
    // Bounds the memory: all points of so many rows are held at once.
    private const int SliceRows = 2048;

    /// <summary>Per point [1, positions, width]; sums run in row order, in double precision.</summary>
    public static IReadOnlyList<TensorData> Over(
        OnnxModel prepared,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        DataType type,
        IReadOnlyDictionary<string, TensorData> sample
    ) => Over(prepared, shapes, points, type, sample, (_, _, value) => value);

    /// <summary>Standard deviations in place of means.</summary>
    public static IReadOnlyList<TensorData> Deviations(
        OnnxModel prepared,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        DataType type,
        IReadOnlyDictionary<string, TensorData> sample
    )
    {
        var means = Over(prepared, shapes, points, type, sample).Select(m => m.ToDoubles()).ToArray();
        double Square(int point, int element, double value) => Math.Pow(value - means[point][element], 2);
        var variances = Over(prepared, shapes, points, type, sample, Square);
        return [.. variances.Select(v => TensorData.From(Array.ConvertAll(v.ToDoubles(), Math.Sqrt), v.Dims))];
    }

    private static TensorData[] Over(
        OnnxModel prepared,
        ShapeTable shapes,
        IReadOnlyList<AttributionPoint> points,
        DataType type,
        IReadOnlyDictionary<string, TensorData> sample,
        Func<int, int, double, double> of
    )
    {
        using var evaluation = new Evaluation(
            AttributionGraph.BuildPoints(
                new PointGraph(prepared, shapes, type, points, [], new GraphBaseline(null, false))
            ),
            null
        );
        var outputs = points.Select((_, i) => AttributionGraph.PointPrefix + i).ToArray();
        var sums = points.Select(p => new double[p.Positions.Count * p.Width]).ToArray();
        var rows = RowsOfInputs.Count(sample, "rows that points are averaged over");
        var slice = new RowBatch();
        for (var from = 0; from < rows; from += SliceRows)
        {
            var to = Math.Min(rows, from + SliceRows);
            var values = evaluation.Run(slice.Take(sample, from, to, to - from), null, outputs);
            for (var i = 0; i < sums.Length; i++)
            {
                var point = i;
                AddTo(sums[i], values[outputs[i]].ToDoubles(), (e, v) => of(point, e, v));
            }
        }
        return [.. points.Select((p, i) => Mean(sums[i], rows, p))];
    }

    private static void AddTo(double[] sums, double[] values, Func<int, double, double> of)
    {
        for (var i = 0; i < values.Length; i++)
            sums[i % sums.Length] += of(i % sums.Length, values[i]);
    }

    private static TensorData Mean(double[] sums, int rows, AttributionPoint point) =>
        TensorData.From(Array.ConvertAll(sums, s => s / rows), 1, point.Positions.Count, point.Width);
}
