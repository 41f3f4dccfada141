using System.Globalization;
using System.Text;

namespace Assay.Studies;

/// <summary>The report's account of a search: what held on the half that did not find it, and how much was searched.</summary>
internal static class SearchSection
{
    public static string Write(ChainContext context, IReadOnlyList<Estimate> judged, int searched, int taken)
    {
        var report = new ReportData(context.Plan, context.Merged, context.Head, context.Verdict);
        var names = new FeatureNames(context.Plan);
        var (estimand, method) = report.Primary;
        Estimate[] held =
        [
            .. judged
                .Where(e => e.Estimand == Estimands.Search + estimand && e.Method == method)
                .Where(e => SearchStep.IsConfirmed(e) && e.Replicated != "no")
                .OrderByDescending(e => Math.Abs(e.Value)),
        ];
        var confirmed = judged.Count(SearchStep.IsConfirmed);
        var text = new StringBuilder("### Segments found by searching\n\n");
        text.Append(
            $"Half of the {names.Units}, drawn by a hash, were searched for the segments (and pairs of two kinds) where a feature matters most "
                + $"differently: {Text.Count(searched)} differences. The {taken} largest that stood out there were measured anew on the other half, "
                + $"which had no part in finding them: {confirmed} held (p-values corrected by Holm). "
        );
        text.Append(
            held.Length == 0
                ? "None of them by the measure used in this report held there and on the holdout.\n\n"
                : "Numbers are of the other half:\n\n"
        );
        foreach (var e in held)
            text.Append(
                $"- {names.Title(e.Feature)} matters {(e.Value > 0 ? "more" : "less")} where {e.Dimension.Replace('_', ' ')} is {e.SegmentLabel} than in the other segments: "
                    + $"by {Short(Math.Abs(e.Value))} (very likely {Short(e.Value > 0 ? e.Low : -e.High)} to {Short(e.Value > 0 ? e.High : -e.Low)}; "
                    + $"{Text.Count(e.Clusters)} {names.Units}{(e.Replicated == "yes" ? "; seen again on the holdout" : "")}).\n"
            );
        return text.Append(held.Length == 0 ? "" : "\n").ToString();
    }

    private static string Short(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
