using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>
/// Rows near the rows judged, for max-sensitivity (Yeh et al. 2019, arXiv 1901.09392). Ids have no neighbours and stay; each number
/// moves uniformly within the radius times its standard deviation over the rows, inside the range seen there. Numbers that are
/// nowhere but 0 and 1 are masks and flags, and stay too.
/// </summary>
internal static class Neighbourhood
{
    /// <summary>Draws of all rows; empty where nothing may move.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, TensorData>> Of(
        IReadOnlyDictionary<string, TensorData> rows,
        int draws,
        double radius,
        ulong seed
    )
    {
        var moves = rows.Where(r => r.Value.Values is float[] or double[])
            .Select(r => (Name: r.Key, Tensor: r.Value, Steps: Steps(r.Value, radius)))
            .Where(m => m.Steps.Any(s => s.Step > 0))
            .ToArray();
        if (moves.Length == 0)
            return [];
        var near = new List<IReadOnlyDictionary<string, TensorData>>();
        for (var d = 0; d < draws; d++)
        {
            var moved = rows.ToDictionary(r => r.Key, r => r.Value);
            foreach (var (name, tensor, steps) in moves)
            {
                var random = new CounterRandom(seed, "judge neighbour " + name, (ulong)d);
                var values = tensor.ToDoubles();
                for (var i = 0; i < values.Length; i++)
                {
                    var (step, least, most) = steps[i % steps.Length];
                    var shift = step * (2 * random.NextDouble() - 1);
                    if (step > 0 && !double.IsNaN(values[i]))
                        values[i] = Math.Clamp(values[i] + shift, least, most);
                }
                moved[name] = TensorData.From(values, tensor.Dims).Cast(tensor.Type);
            }
            near.Add(moved);
        }
        return near;
    }

    /// <summary>For each row the largest ‖Φ(y) − Φ(x)‖ / ‖Φ(x)‖ over its neighbours y; NaN where Φ(x) is 0.</summary>
    public static double[] Largest(double[] attributions, IEnumerable<double[]> near, int features)
    {
        var rows = attributions.Length / features;
        var largest = new double[rows];
        foreach (var other in near)
            for (var r = 0; r < rows; r++)
            {
                double difference = 0,
                    norm = 0;
                for (var i = r * features; i < (r + 1) * features; i++)
                {
                    difference += (other[i] - attributions[i]) * (other[i] - attributions[i]);
                    norm += attributions[i] * attributions[i];
                }
                largest[r] = norm == 0 ? double.NaN : Math.Max(largest[r], Math.Sqrt(difference / norm));
            }
        return largest;
    }

    private static (double Step, double Least, double Most)[] Steps(TensorData tensor, double radius)
    {
        var values = tensor.ToDoubles();
        var rows = (int)tensor.Dims[0];
        var width = values.Length / rows;
        var steps = new (double, double, double)[width];
        for (var e = 0; e < width; e++)
        {
            var column = Enumerable
                .Range(0, rows)
                .Select(r => values[r * width + e])
                .Where(v => !double.IsNaN(v))
                .ToArray();
            if (column.Length < 2 || column.All(v => v is 0 or 1))
                continue;
            var mean = column.Average();
            var deviation = Math.Sqrt(column.Sum(v => (v - mean) * (v - mean)) / (column.Length - 1));
            steps[e] = (radius * deviation, column.Min(), column.Max());
        }
        return steps;
    }
}
