using Assay.Studies;

namespace Assay.Server.Tests;

/// <summary>A run folder of many segments, its numbers made up: for sizes, not for truth.</summary>
internal static class WideRun
{
    public static RunFolder Of(int features, string[] segments)
    {
        var folder = Directory.CreateTempSubdirectory("assay-wide-").FullName;
        File.WriteAllText(
            Path.Combine(folder, "run.json"),
            """{"study": "wide", "cluster": "user_id", "splits": []}"""
        );
        var names = Enumerable.Range(0, features).Select(i => $"f{i}").ToArray();
        var estimates = new List<Estimate>();
        foreach (var prefix in new[] { "", "contrast_" })
        foreach (var segment in segments)
            estimates.AddRange(names.Select((f, i) => Row(prefix, "store", segment, f, i)));
        estimates.AddRange(names.Select((f, i) => Row("", "overall", "all", f, i)));
        EstimatesFile.Write(Path.Combine(folder, "estimates.parquet"), estimates, []);
        var run = RunFolder.Open(folder);
        Directory.Delete(folder, recursive: true);
        return run;
    }

    private static Estimate Row(string prefix, string dimension, string segment, string feature, int i) =>
        new()
        {
            Estimand = prefix + "permutation_auc",
            Method = "permutation",
            Split = "explain",
            Dimension = dimension,
            Segment = segment,
            SegmentLabel = $"Store {segment}",
            Feature = feature,
            Head = "click",
            Value = 0.01234567 / (i + 1),
            Low = 0.00234567 / (i + 1),
            High = 0.02234567 / (i + 1),
            PValue = 0.01234567,
            PAdjusted = 0.01234567,
            Rank = i + 1,
            RankLow = i + 1,
            RankHigh = i + 2,
            Rows = 123456,
            Clusters = 12345,
            Replicated = "not tested",
        };
}
