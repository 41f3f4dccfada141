using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on time: what lasts, what passes, what drifts.</summary>
internal static class TimeSection
{
    private const int Most = 10;

    public static string Write(ChainContext context, FeatureStanding[] standings, Estimate[] trends)
    {
        var text = new StringBuilder("## Over time\n\n");
        Taken(text, context);
        foreach (var by in standings.GroupBy(s => (s.Estimate.Estimand, s.Estimate.Method)))
            Standings(text, context, by.Key.Method, [.. by]);
        if (standings.Length == 0)
            text.Append(
                "No loss of quality is measured in a period or segment that is large enough, so nothing can be told.\n\n"
            );
        Trends(text, context, trends);
        return text.ToString();
    }

    /// <summary>The first few cells in words.</summary>
    public static string Cells(IReadOnlyList<Estimate> cells)
    {
        var shown = cells.Take(3).Select(c => $"{c.Dimension} = {c.SegmentLabel}").ToList();
        if (cells.Count > shown.Count)
            shown.Add($"{cells.Count - shown.Count} more");
        return Text.List(shown);
    }

    private static void Taken(StringBuilder text, ChainContext context)
    {
        var periods = context.Plan.Segments.Where(s => s.Period is not null).ToArray();
        var first = periods[0].Period!;
        text.Append(
            $"Time is column `{first.Column}`, taken as {first.Unit}"
                + (first.OffsetMinutes == 0 ? "" : $" and moved by {first.OffsetMinutes} minutes")
                + $"; periods: {Text.List([.. periods.Select(p => p.Period!.Predicate is { } q ? $"{p.Name} (`{q}`)" : p.Name)])}. "
                + "Importances in each are under Segments.\n\n"
        );
    }

    private static void Standings(StringBuilder text, ChainContext context, string method, FeatureStanding[] all)
    {
        string Title(Estimate e) => context.Plan.Features.First(f => f.Entry.Name == e.Feature).Entry.Title;
        var cells = all.Max(s => s.Over.Cells.Count);
        var persistent = all.Where(s => s.Standing == Standing.Persistent).ToArray();
        var passing = all.Where(s => s.Standing == Standing.Passing).ToArray();
        text.Append(
            $"**By {method}: {persistent.Length} of {all.Length} features drive the model in each of the {cells} periods and segments that are shown"
                + $"; {passing.Length} only in some.** "
                + "Persistent: the loss is above 0 in every one (the largest p-value counts, adjusted over the features). Passing: beyond chance in at least "
                + "one, and negligible in another (its interval, corrected for their number, lies below the margin).\n\n"
        );
        if (persistent.Length > 0)
            text.Append(
                    Text.Table(
                        [
                            "persistent",
                            "smallest importance (95 %)",
                            "where",
                            "beyond the margin everywhere",
                            "on the holdout",
                        ],
                        persistent
                            .OrderByDescending(s => s.Estimate.Value)
                            .Select(s =>
                                (IReadOnlyList<string>)
                                    [
                                        Title(s.Estimate),
                                        Text.WithInterval(s.Estimate),
                                        Cells([s.Over.Weakest]),
                                        s.Estimate.Low > context.Study.Margin ? "yes" : "not shown",
                                        s.Estimate.Replicated,
                                    ]
                            )
                    )
                )
                .Append('\n');
        if (passing.Length > 0)
            text.Append(
                    Text.Table(
                        ["passing", "matters most in", "importance there (95 %)", "negligible in"],
                        passing.Select(s =>
                        {
                            var most = s.Over.Cells.Where(Persistence.Matters).MaxBy(c => c.Value)!;
                            return (IReadOnlyList<string>)
                                [Title(s.Estimate), Cells([most]), Text.WithInterval(most), Cells(s.Over.Negligible)];
                        })
                    )
                )
                .Append('\n');
    }

    private static void Trends(StringBuilder text, ChainContext context, Estimate[] trends)
    {
        foreach (var by in trends.GroupBy(t => (t.Dimension, t.Method)))
        {
            var beyond = by.Where(t => t.PAdjusted < Grading.Level).OrderBy(t => t.PAdjusted).ToArray();
            var span = by.First().SegmentLabel;
            if (beyond.Length == 0)
            {
                text.Append(
                    $"No importance by {by.Key.Method} drifts beyond chance from {span} (by {by.Key.Dimension}).\n\n"
                );
                continue;
            }
            foreach (var t in beyond.Take(Most))
                text.Append(
                    $"- From {span} the importance of {context.Plan.Features.First(f => f.Entry.Name == t.Feature).Entry.Title} by {t.Method} "
                        + $"{(t.Value > 0 ? "grew" : "fell")} by {Text.Number(Math.Abs(t.Value))} along a line "
                        + $"(95 % {Text.Interval(t)}; adjusted p {Text.Number(t.PAdjusted)}; on the holdout: {t.Replicated}).\n"
                );
            text.Append('\n');
        }
    }
}
