namespace Assay.Studies;

/// <summary>
/// The bootstrap replicates behind a split's importances, one column for each: what pairs two runs of one seed. The
/// file is an aid: without it a comparison takes the runs' errors as independent.
/// </summary>
internal static class ReplicatesFile
{
    // Beyond this, fewer replicates are kept.
    private const long MostBytes = 64L << 20;

    public static string PathOf(string folder, string split) => Path.Combine(folder, $"replicates.{split}.parquet");

    public static string Column(Estimate e) =>
        string.Join('|', e.Estimand, e.Method, e.Space, e.Baseline, e.Dimension, e.Segment, e.Feature);

    public static void Write(string folder, string split, ulong seed, IReadOnlyList<Replicated> all)
    {
        var kept = all.Where(r => r.Replicates.Length > 0 && !Estimands.IsDescriptive(r.Estimate.Estimand))
            .DistinctBy(r => Column(r.Estimate))
            .ToArray();
        File.Delete(PathOf(folder, split));
        if (kept.Length == 0)
            return;
        var fewest = kept.Min(r => r.Replicates.Length);
        var length = (int)Math.Min(fewest, Math.Max(100, MostBytes / (4L * kept.Length)));
        Files.Write(
            PathOf(folder, split),
            stream =>
            {
                using var writer = ColumnWriter.Create(
                    stream,
                    [.. kept.Select(r => ColumnSpec.Of<float>(Column(r.Estimate)))],
                    new() { ["assay.seed"] = $"{seed}" }
                );
                writer.WriteGroup([.. kept.Select(r => (Array)r.Replicates[..length])]);
            }
        );
    }
}
