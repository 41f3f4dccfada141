using Assay.Statistics;

namespace Assay.Studies;

/// <summary>AUC against the number of features kept, the weakest removed first, and the area under that curve (AUKC).</summary>
internal static class KeptCurve
{
    public const string Estimand = "kept_auc";
    public const string Area = "aukc";

    public static RetrainingPart Of(RetrainingWork work)
    {
        if (work.Definition.Curve.Count == 0 || work.Rankings.Count == 0)
            return RetrainingPart.None;
        var order = work.Rankings[0].Strongest;
        int[] kept =
        [
            .. work
                .Definition.Curve.Select(c => (int)Math.Round(c * order.Count))
                .Append(order.Count)
                .Distinct()
                .Order(),
        ];
        IReadOnlyList<string> Drop(int keep) => [.. order.Skip(keep)];
        work.FitAllWithout([.. kept.Select(Drop)]);
        var rows = new List<Estimate>();
        foreach (var over in work.Compared)
        {
            var areas = kept.Select(k => work.FitWithout(Drop(k)).Select(over.Auc).ToArray()).ToArray();
            for (var i = 0; i < kept.Length; i++)
                rows.Add(
                    over.Auc([.. areas[i].Select(a => new[] { (1.0, a) })])
                        .In(work.Row(over, Estimand, $"kept:{kept[i]}"), tested: false)
                );
            rows.Add(Under(work, over, kept, areas));
        }
        return new(rows, Text(work, kept, rows));
    }

    /// <summary>The mean height of the curve over the shares measured, by trapezoids.</summary>
    private static Estimate Under(RetrainingWork work, TestRows over, int[] kept, AucClusterSums[][] areas)
    {
        var weights = new double[kept.Length];
        for (var i = 0; i + 1 < kept.Length; i++)
        {
            var width = (kept[i + 1] - kept[i]) / (double)Math.Max(kept[^1] - kept[0], 1);
            weights[i] += width / 2;
            weights[i + 1] += width / 2;
        }
        if (kept.Length == 1)
            weights[0] = 1;
        return over.Auc([
                .. Enumerable
                    .Range(0, areas[0].Length)
                    .Select(s => areas.Select((a, i) => (weights[i], a[s])).ToArray()),
            ])
            .In(work.Row(over, Area, work.Rankings[0].Method), tested: false);
    }

    private static string Text(RetrainingWork work, int[] kept, List<Estimate> rows)
    {
        var test = rows.Where(r => r.Split == work.Test.Split).ToArray();
        var area = test.Single(r => r.Estimand == Area);
        return "### How many features are needed\n\n"
            + $"AUC on the {work.Test.Split} rows when only the strongest (by `{work.Rankings[0].Estimand}`) are kept and the network is fitted again. Mean height of the curve: {Studies.Text.WithInterval(area)}.\n\n"
            + Studies.Text.Table(
                ["features kept", "AUC"],
                kept.Reverse()
                    .Select(k =>
                        (IReadOnlyList<string>)
                            [$"{k}", Studies.Text.WithInterval(test.First(r => r.Method == $"kept:{k}"))]
                    )
            )
            + "\n";
    }
}
