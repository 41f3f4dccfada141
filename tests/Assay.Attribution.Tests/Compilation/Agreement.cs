using Assay.Attribution.Compilation;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>Compares what a compiled model returns with an explanation of the same rows.</summary>
internal static class Agreement
{
    /// <summary>
    /// Asserts that all rows at once, one row alone and an odd number of rows agree; returns the largest difference of an
    /// attribution relative to the row's largest.
    /// </summary>
    public static double Check(
        Explanation expected,
        IReadOnlyDictionary<string, TensorData> rows,
        BareRun bare,
        double tolerance,
        long? fixedRows = null
    )
    {
        var worst = 0.0;
        int[] counts = fixedRows is { } only ? [(int)only] : [expected.Rows, 1, 7];
        foreach (var count in counts.Where(n => n <= expected.Rows))
        {
            var all = bare.Run(Take(rows, count));
            var attributions = all[ModelCompiler.Attributions];
            var gap = all[ModelCompiler.Gap];
            var features = expected.Attributions.Length / expected.Rows;
            attributions.Dims.ShouldBe([count, features]);
            gap.Dims.ShouldBe([count]);
            var (a, g) = (attributions.ToDoubles(), gap.ToDoubles());
            for (var r = 0; r < count; r++)
            {
                var row = expected.Attributions.AsSpan(r * features, features).ToArray();
                // A difference of targets carries a few units in the last place of them: 4 · 2⁻²³ / 1e-5 is 0.05.
                var scale = Math.Max(row.Max(Math.Abs), 0.05 * Math.Abs(expected.Target[r]));
                for (var f = 0; f < features; f++)
                    worst = Math.Max(worst, Math.Abs(a[r * features + f] - row[f]) / scale);
                scale.ShouldBeInRange(double.Epsilon, 1e6);
                // The axiom that the gap states; it carries the rounding of all that is summed.
                var own = a[(r * features)..((r + 1) * features)];
                var sum = own.Sum();
                var size = own.Sum(Math.Abs) + Math.Abs(expected.Target[r]) + Math.Abs(expected.BaselineTarget[r]);
                g[r].ShouldBe(sum - (expected.Target[r] - expected.BaselineTarget[r]), tolerance * size, $"gap {r}");
            }
            worst.ShouldBeLessThan(tolerance, $"{count} rows");
        }
        return worst;
    }

    public static IReadOnlyDictionary<string, TensorData> Take(
        IReadOnlyDictionary<string, TensorData> rows,
        int count
    ) => new Assay.Runtime.RowBatch().Take(rows, 0, count, count);
}
