using System.Globalization;
using Assay.Attribution.Judging;

namespace Assay.Cli.Judging;

/// <summary>The judge's tables, in words and columns.</summary>
internal static class JudgementTables
{
    private static readonly (string Id, string Heading)[] Columns =
    [
        ("deletion", "deletion ↓"),
        ("insertion", "insertion ↑"),
        ("infidelity", "infidelity ↓"),
        ("pgi", "pgi ↑"),
        ("pgu", "pgu ↓"),
        ("max-sensitivity", "max-sens. ↓"),
        ("sanity", "sanity"),
        ("agreement", "agreement"),
    ];

    public static void Write(EvaluateRequest request, Judgement judgement, ITables to)
    {
        var explain = request.Settings.Explain;
        to.Say(
            $"{Path.GetFileName(request.Model)}: {judgement.Methods.Count - 1} methods on {judgement.Rows} rows of {judgement.Features} features, {explain.Space.ToString().ToLowerInvariant()}, baseline {request.Baseline}, top {judgement.Top}, seed {explain.Seed}. Means ± standard errors over rows; best first."
        );
        to.Table(["method", "score", .. Columns.Select(c => c.Heading), "ms/row", "evals/row"], Lines(judgement));
        to.Say(
            "score: mean of where a method stands between random numbers (0) and the best method (1) on the measures with an arrow. sanity: size of the rank correlation with the attributions under random weights; one that stays is marked !."
        );
        if (judgement.LeftOut.Count > 0)
            to.Say(
                $"Not counted in the score, nothing being better than random there: {string.Join(", ", judgement.LeftOut)}."
            );
        if (judgement.Methods.Any(m => m.Id != Judgement.Control && m.Falls == false))
            to.Say(
                $"These hardly change when the weights are random, so do not trust them here: {string.Join(", ", judgement.Methods.Where(m => m.Id != Judgement.Control && m.Falls == false).Select(m => m.Id))}."
            );
        WriteCascade(judgement, to);
        WritePairs(judgement, to);
        foreach (var skipped in judgement.Skipped)
            to.Say($"Not judged: {skipped.Id}. {skipped.Reason}");
    }

    private static IEnumerable<string[]> Lines(Judgement judgement) =>
        judgement.Methods.Select(m =>
            (string[])
                [
                    m.Id,
                    Text(m.Score),
                    .. Columns.Select(c => Text(m.Measures[c.Id]) + (c.Id == "sanity" && m.Falls == false ? " !" : "")),
                    Text(m.MillisecondsPerRow),
                    Text(m.EvaluationsPerRow),
                ]
        );

    private static void WriteCascade(Judgement judgement, ITables to)
    {
        if (judgement.Layers.Count == 0)
            return;
        to.Say("Rank correlation with the original while weights become random, from the head down:");
        to.Table(
            ["method", .. judgement.Layers],
            judgement.Methods.Select(m => (string[])[m.Id, .. m.Cascade.Select(Text)])
        );
    }

    // All pairs are in the JSON; a page has room for each method's means, and for one measure of each pair.
    private static void WritePairs(Judgement judgement, ITables to)
    {
        string[] ids = [.. judgement.Methods.Select(m => m.Id).Where(id => id != Judgement.Control)];
        if (ids.Length < 2)
            return;
        var pairs = judgement.Pairs.ToDictionary(p => (p.First, p.Second));
        PairAgreement Pair(string a, string b) => pairs.TryGetValue((a, b), out var pair) ? pair : pairs[(b, a)];
        to.Say($"Mean agreement with the others (Krishna et al. 2022), the first four on the top {judgement.Top}:");
        to.Table(
            ["method", "feature", "rank", "sign", "signed rank", "rank correlation", "pairwise rank"],
            ids.Select(a =>
                (string[])
                    [
                        a,
                        .. Enumerable
                            .Range(0, 6)
                            .Select(m => Text(ids.Where(b => b != a).Average(b => Pair(a, b).All[m].Value))),
                    ]
            )
        );
        to.Say("Rank correlation of each pair, in the same order:");
        to.Table(
            ["method", .. ids.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture))],
            ids.Select(
                (a, i) =>
                    (string[])
                        [
                            string.Create(CultureInfo.InvariantCulture, $"{i + 1} {a}"),
                            .. ids.Select(
                                (b, j) =>
                                    j >= i
                                        ? ""
                                        : Pair(a, b)
                                            .RankCorrelation.Value.ToString("0.00", CultureInfo.InvariantCulture)
                            ),
                        ]
            )
        );
    }

    private static string Text(RowMean mean) =>
        double.IsNaN(mean.Value) ? "–"
        : double.IsNaN(mean.StandardError) ? Text(mean.Value)
        : $"{Text(mean.Value)} ±{Text(mean.StandardError).TrimStart('-')}";

    private static string Text(double value) =>
        double.IsNaN(value) ? "–"
        : Math.Abs(value) >= 100 ? value.ToString("0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 10 ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("0.000", CultureInfo.InvariantCulture);
}
