using System.Text;

namespace Assay.Studies;

/// <summary>Who leads where, and where segments depart most from the whole.</summary>
internal static class SegmentSection
{
    private const int Most = 10;

    public static void Write(StringBuilder text, ReportData data)
    {
        if (data.Plan.Segments.Count == 0)
            return;
        text.Append("## Segments\n\n");
        // Where differences are tested, "For whom" says them; a screen beside it would say more than is known.
        if (!data.Plan.Study.Heterogeneity.Asked)
            Departures(text, data);
        foreach (var dimension in data.Plan.Segments.Select(s => s.Name))
            Leaders(text, data, dimension);
        Hidden(text, data);
    }

    private static void Departures(StringBuilder text, ReportData data)
    {
        var (estimand, method) = data.Primary;
        var departures = data
            .Merged.Estimates.Where(e =>
                e.Split == Splits.Explain
                && e.Estimand == estimand
                && e.Method == method
                && e.Dimension != SegmentBuilder.Overall
                && e.Rank is not null
            )
            .Select(e => (Own: e, Whole: data.Overall(Splits.Explain, estimand, method, e.Feature)!))
            .Select(p => (p.Own, p.Whole, Size: Math.Abs(p.Own.Value - p.Whole.Value) / Spread(p.Own, p.Whole)))
            .Where(p => p.Own.Low > p.Whole.High || p.Own.High < p.Whole.Low)
            .OrderByDescending(p => p.Size)
            .Take(Most)
            .ToArray();
        text.Append(
            "Where a segment departs most from the whole (its interval and that of all rows do not overlap; a screen, not a test):\n\n"
        );
        if (departures.Length == 0)
            text.Append("nowhere.\n\n");
        else
            text.Append(
                    Text.Table(
                        ["segment", "feature", Caption(data), "over all rows", "rows"],
                        departures.Select(p =>
                            (IReadOnlyList<string>)
                                [
                                    $"{p.Own.Dimension} = {p.Own.SegmentLabel}",
                                    data.Title(p.Own.Feature),
                                    Text.WithInterval(p.Own),
                                    Text.WithInterval(p.Whole),
                                    Text.Count(p.Own.Rows),
                                ]
                        )
                    )
                )
                .Append('\n');
    }

    private static double Spread(Estimate a, Estimate b) =>
        Math.Sqrt(a.StandardError * a.StandardError + b.StandardError * b.StandardError) + 1e-300;

    private static string Caption(ReportData data) =>
        data.Permutes is not null ? "AUC lost when permuted (95 %)" : "mean |attribution| (95 %)";

    private static void Leaders(StringBuilder text, ReportData data, string dimension)
    {
        var segments = data.Segments(Splits.Explain, dimension);
        text.Append($"### By {dimension}\n\n");
        if (segments.Count == 0)
        {
            text.Append("Every segment is too small to show.\n\n");
            return;
        }
        var (estimand, method) = data.Primary;
        text.Append(
                Text.Table(
                    [dimension, "rows", "clusters", "AUC (95 %)", $"first three features by {Caption(data)}"],
                    segments.Select(s =>
                        (IReadOnlyList<string>)
                            [
                                s.SegmentLabel,
                                Text.Count(s.Rows),
                                Text.Count(s.Clusters),
                                Text.WithInterval(s),
                                string.Join(
                                    "; ",
                                    data.Ranked(Splits.Explain, dimension, s.Segment, estimand, method)
                                        .Take(3)
                                        .Select(e => $"{data.Title(e.Feature)} {Text.WithInterval(e)}")
                                ),
                            ]
                    )
                )
            )
            .Append('\n');
    }

    private static void Hidden(StringBuilder text, ReportData data)
    {
        var hidden = data.Merged.Estimates.Where(e => e.Status != "ok" && e.Split == Splits.Explain).ToArray();
        if (hidden.Length == 0)
            return;
        var study = data.Plan.Study;
        text.Append(
            $"Hidden, with fewer than {study.MinimumRows} rows or {study.MinimumClusters} clusters or with one class only: "
                + string.Join(", ", hidden.Select(e => $"{e.Dimension} = {e.SegmentLabel} ({Text.Count(e.Rows)} rows)"))
                + ".\n\n"
        );
    }
}
