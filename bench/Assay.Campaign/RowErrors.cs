using Assay.Statistics;
using Assay.Studies;

namespace Assay.Campaign;

/// <summary>
/// Standard errors of means over rows as if rows were independent: the limit of a row bootstrap with many replicates.
/// </summary>
internal sealed class RowErrors
{
    public const string Attribution = "integrated-gradients",
        Permutation = "permutation";

    private readonly string[] attributions;
    private readonly string[] scores;
    private readonly int[] labels;

    /// <param name="run">The folder of a finished run.</param>
    /// <param name="split">The split.</param>
    /// <param name="labels">Labels in the order of the split's data file.</param>
    public RowErrors(string run, string split, int[] labels)
    {
        string[] Blocks(string kind) =>
            [.. Directory.GetFiles(Path.Combine(run, kind), split + "-*.parquet").Order(StringComparer.Ordinal)];
        (attributions, scores) = (Blocks("attributions"), Blocks("scores"));
        this.labels = Array.ConvertAll(Column<long>(attributions, BlockColumns.Row), r => labels[r]);
    }

    /// <summary>The error; NaN for what is not a mean over all rows.</summary>
    public double Of(Estimate e) =>
        (e.Estimand, e.Method) switch
        {
            (Estimands.MeanAbsAttribution, Attribution) => Error(
                Array.ConvertAll(Column<float>(attributions, e.Feature), v => Math.Abs((double)v))
            ),
            (Estimands.MeanAttribution, Attribution) => Error(
                Array.ConvertAll(Column<float>(attributions, e.Feature), v => (double)v)
            ),
            (Estimands.LogLoss, "model") => Error(Losses(BlockColumns.Score)),
            (Estimands.Permutation + Estimands.LogLoss, Permutation) => Error([
                .. Losses(BlockColumns.Permuted(e.Feature, 0)).Zip(Losses(BlockColumns.Score), (p, o) => p - o),
            ]),
            _ => double.NaN,
        };

    private double[] Losses(string column) =>
        [.. Column<float>(scores, column).Zip(labels, (z, y) => LogLoss.OfLogit(z, y))];

    private static double Error(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1.0) / values.Length);
    }

    private static T[] Column<T>(string[] files, string name)
        where T : struct
    {
        var all = new List<T>();
        foreach (var file in files)
        {
            using var reader = ColumnReader.Open(file);
            all.AddRange(reader.Read<T>(0, name));
        }
        return [.. all];
    }
}
