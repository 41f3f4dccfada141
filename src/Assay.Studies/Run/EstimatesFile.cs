using Assay.Onnx;
using DuckDB.NET.Data;

namespace Assay.Studies;

/// <summary>Estimates as a Parquet file: fixed order, no time stamps, so equal results are equal bytes.</summary>
internal static class EstimatesFile
{
    public static void Write(string path, IReadOnlyList<Estimate> estimates, Dictionary<string, string> pedigree)
    {
        var columns = new List<(ColumnSpec Spec, Array Values)>();
        void Text(string name, Func<Estimate, string> get) =>
            columns.Add((ColumnSpec.Of<string>(name), estimates.Select(get).ToArray()));
        void Number(string name, Func<Estimate, double> get) =>
            columns.Add(
                (
                    new ColumnSpec(name, typeof(double), Nullable: true),
                    estimates.Select(e => double.IsNaN(get(e)) ? (double?)null : get(e)).ToArray()
                )
            );
        void Whole(string name, Func<Estimate, int?> get) =>
            columns.Add((new ColumnSpec(name, typeof(int), Nullable: true), estimates.Select(get).ToArray()));
        Text("estimand", e => e.Estimand);
        Text("method", e => e.Method);
        Text("feature", e => e.Feature);
        Text("feature_group", e => e.Group);
        Text("segment_dimension", e => e.Dimension);
        Text("segment", e => e.Segment);
        Text("segment_label", e => e.SegmentLabel);
        Text("split", e => e.Split);
        Text("head", e => e.Head);
        Text("space", e => e.Space);
        Text("baseline", e => e.Baseline);
        Number("value", e => e.Value);
        Number("standard_error", e => e.StandardError);
        Number("ci_low", e => e.Low);
        Number("ci_high", e => e.High);
        Text("interval", e => e.Interval);
        Number("p_value", e => e.PValue);
        Number("p_adjusted", e => e.PAdjusted);
        Whole("rank", e => e.Rank);
        Whole("rank_low", e => e.RankLow);
        Whole("rank_high", e => e.RankHigh);
        Whole("rows", e => e.Rows);
        Whole("clusters", e => e.Clusters);
        if (estimates.Any(e => e.SecondClusters is not null))
            Whole("second_clusters", e => e.SecondClusters);
        Text("replicated", e => e.Replicated);
        Text("status", e => e.Status);
        Files.Write(
            path,
            stream =>
            {
                using var writer = ColumnWriter.Create(stream, [.. columns.Select(c => c.Spec)], pedigree);
                writer.WriteGroup([.. columns.Select(c => c.Values)]);
            }
        );
    }

    /// <summary>The estimates of a finished run folder, in the order of the file.</summary>
    /// <exception cref="AssayException">Input: not a finished run, or a file that cannot be read.</exception>
    public static IReadOnlyList<Estimate> ReadRun(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), "estimates.parquet");
        if (!File.Exists(path))
            throw AssayException.Input(
                $"'{folder}' holds no finished study (no estimates.parquet); run 'assay study STUDY.yaml --out {folder}' first."
            );
        using var duck = Duck.Open();
        var estimates = new List<Estimate>();
        // Studies with one kind of clusters do not have the column.
        var hasSecond = duck.Count(
            $"SELECT count(*) FROM parquet_schema({Sql.Text(path)}) WHERE name = 'second_clusters'"
        );
        var second = hasSecond > 0 ? "second_clusters" : "NULL::INTEGER";
        duck.Read(
            $"SELECT estimand, method, feature, feature_group, segment_dimension, segment, segment_label, split, head, space, baseline, interval, replicated, status, value, standard_error, ci_low, ci_high, p_value, p_adjusted, rank, rank_low, rank_high, rows, clusters, {second} FROM read_parquet({Sql.Text(path)})",
            r => estimates.Add(Row(r))
        );
        return estimates;
    }

    private static Estimate Row(DuckDBDataReader r)
    {
        string Text(int i) => r.IsDBNull(i) ? "" : r.GetString(i);
        double Number(int i) => r.IsDBNull(i) ? double.NaN : r.GetDouble(i);
        int? Whole(int i) => r.IsDBNull(i) ? null : r.GetInt32(i);
        return new Estimate
        {
            Estimand = Text(0),
            Method = Text(1),
            Feature = Text(2),
            Group = Text(3),
            Dimension = Text(4),
            Segment = Text(5),
            SegmentLabel = Text(6),
            Split = Text(7),
            Head = Text(8),
            Space = Text(9),
            Baseline = Text(10),
            Interval = Text(11),
            Replicated = Text(12),
            Status = Text(13),
            Value = Number(14),
            StandardError = Number(15),
            Low = Number(16),
            High = Number(17),
            PValue = Number(18),
            PAdjusted = Number(19),
            Rank = Whole(20),
            RankLow = Whole(21),
            RankHigh = Whole(22),
            Rows = Whole(23) ?? 0,
            Clusters = Whole(24) ?? 0,
            SecondClusters = Whole(25),
        };
    }
}
