using System.Text;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The strongest features over all rows, and whether methods agree on them.</summary>
internal static class ImportanceSection
{
    private const int Top = 10;

    public static void Write(StringBuilder text, ReportData data)
    {
        var (estimand, method) = data.Primary;
        var ranked = data.Ranked(Splits.Explain, SegmentBuilder.Overall, SegmentBuilder.All, estimand, method);
        text.Append("## The strongest features\n\n");
        if (data.Verdict.LearntNothing)
            text.Append($"_{Verdict.NothingLearnt}_\n\n");
        Sentence(text, data, ranked);
        var lacking = ranked.Take(Top).Any(e => Present(data, e).Length > 0);
        text.Append(Text.Table(Header(data, lacking), ranked.Take(Top).Select(e => Row(data, e, lacking))));
        text.Append('\n');
        Agreement(text, data);
    }

    private static void Sentence(StringBuilder text, ReportData data, IReadOnlyList<Estimate> ranked)
    {
        if (data.Permutes is null)
        {
            text.Append(
                "Ordered by mean |attribution|: how much the model uses a feature, not whether it needs it.\n\n"
            );
            return;
        }
        var solid = ranked.Count(e => e.PAdjusted < 0.05 && e.Value > 0);
        var replicated = ranked.Count(e => e.PAdjusted < 0.05 && e.Value > 0 && e.Replicated == "yes");
        text.Append(
            $"Exchanging the values of {solid} of {ranked.Count} features among rows costs the model AUC beyond chance (5 % false "
                + "discoveries)"
        );
        text.Append(
            data.Plan.Splits.Count > 1
                ? $"; on the holdout {replicated} of these do so again.\n\n"
                : "; there is no holdout to replicate them on.\n\n"
        );
    }

    // Empty where every row has it.
    private static string Present(ReportData data, Estimate e) =>
        data.Overall(Splits.Explain, Estimands.Coverage, Estimands.Data, e.Feature) is { Value: < 1 } share
            ? Text.Percent(share.Value)
            : "";

    private static string[] Header(ReportData data, bool lacking)
    {
        var header = new List<string> { "feature", "group" };
        if (lacking)
            header.Add("rows that have it");
        if (data.Permutes is not null)
            header.AddRange(["AUC lost when permuted (95 %)", "rank (95 %)", "on the holdout", "replicated"]);
        if (data.PerRow is { } method)
            header.AddRange([$"mean \\|attribution\\|, {method} (95 %)", "rank (95 %)"]);
        return [.. header.Select(h => h.Replace("\\|", "|", StringComparison.Ordinal))];
    }

    private static string[] Row(ReportData data, Estimate e, bool lacking)
    {
        var row = new List<string> { data.Title(e.Feature), e.Group };
        if (lacking)
            row.Add(Present(data, e) is { Length: > 0 } share ? share : "all");
        if (data.Permutes is not null)
            row.AddRange([
                Text.WithInterval(e),
                Text.Rank(e),
                Text.WithInterval(data.Overall(Splits.Holdout, e.Estimand, e.Method, e.Feature)),
                e.Replicated,
            ]);
        if (data.PerRow is { } method)
        {
            var use = data.Overall(Splits.Explain, Estimands.MeanAbsAttribution, method, e.Feature);
            row.AddRange([Text.WithInterval(use), use is null ? "–" : Text.Rank(use)]);
        }
        return [.. row];
    }

    private static void Agreement(StringBuilder text, ReportData data)
    {
        if (data.PerRow is not { } method || data.Permutes is null)
            return;
        var use = (Estimands.MeanAbsAttribution, method);
        var order = data.Features.ToList();
        int[] Order((string Estimand, string Method) by) =>
            [
                .. data.Ranked(Splits.Explain, SegmentBuilder.Overall, SegmentBuilder.All, by.Estimand, by.Method)
                    .Select(e => order.IndexOf(e.Feature)),
            ];
        var k = Math.Min(5, order.Count);
        var shared = Order(use).Take(k).Intersect(Order(data.Primary).Take(k)).Count();
        var tau = data.Tau(Splits.Explain, use, data.Primary);
        text.Append(
            $"Agreement of {method} with {data.Primary.Method}: Kendall's tau {Text.Number(tau)}; {shared} of the first {k} features are the same. "
        );
        text.Append(
            "The first says what the model uses, the second what it loses without; they may differ and both be right.\n\n"
        );
        if (data.Plan.Splits.Count > 1)
            text.Append(
                $"Between explained and holdout rows the order by {data.Primary.Method} agrees with tau {Text.Number(Across(data))}.\n\n"
            );
    }

    private static double Across(ReportData data)
    {
        double[] On(string split) =>
            [
                .. data.Features.Select(f =>
                    data.Overall(split, data.Primary.Estimand, data.Primary.Method, f)?.Value ?? double.NaN
                ),
            ];
        return RankCorrelation.KendallTauB(On(Splits.Explain), On(Splits.Holdout));
    }
}
