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
}
