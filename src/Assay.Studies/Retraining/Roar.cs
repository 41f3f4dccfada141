using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Remove and retrain (Hooker et al. 2019, arXiv 1806.10758): the better a ranking knows what the task needs, the more is
/// lost when its first features are removed and the network is fitted without them.
/// </summary>
internal static class Roar
{
    public const string Estimand = "roar_auc";
    private const string Random = "random";

    public static RetrainingPart Of(RetrainingWork work)
    {
        if (work.Definition.Roar.Count == 0)
            return RetrainingPart.None;
        string[] features = [.. work.Context.Plan.Features.Select(f => f.Entry.Name)];
        int[] counts = [.. work.Definition.Roar.Where(k => k < features.Length).Distinct().Order()];
        (string Name, IReadOnlyList<string> Order)[] orders =
        [
            .. work.Rankings.Select(r => (r.Method, r.Strongest)),
            (Random, Shuffled(features, work.Context.Study.Seed)),
        ];
        var removed = orders
            .SelectMany(o => counts.Select(k => (o.Name, Count: k, Drop: (IReadOnlyList<string>)[.. o.Order.Take(k)])))
            .ToArray();
        work.FitAllWithout([.. removed.Select(r => r.Drop)]);
        var rows = new List<Estimate>();
        foreach (var over in work.Compared)
        foreach (var r in removed)
            rows.Add(
                over.Auc([.. work.FitWithout(r.Drop).Select(f => new[] { (1.0, over.Auc(f)) })])
                    .In(work.Row(over, Estimand, $"roar:{r.Name}:{r.Count}"), tested: false)
            );
        return new(rows, Text(work, counts, [.. orders.Select(o => o.Name)], rows));
    }

    private static string[] Shuffled(string[] features, ulong seed)
    {
        string[] order = [.. features];
        new CounterRandom(seed, "roar").Shuffle(order.AsSpan());
        return order;
    }

    private static string Text(RetrainingWork work, int[] counts, string[] names, List<Estimate> rows)
    {
        Estimate One(string name, int k) =>
            rows.First(r => r.Split == work.Test.Split && r.Method == $"roar:{name}:{k}");
        return "### Strongest features removed\n\n"
            + $"AUC on the {work.Test.Split} rows when the strongest features of each ranking are removed and the network is fitted again: the lower, the better the ranking knows what the task needs.\n\n"
            + Studies.Text.Table(
                ["ranking by", .. counts.Select(k => $"{k} removed")],
                names.Select(n =>
                    (IReadOnlyList<string>)[n, .. counts.Select(k => Studies.Text.WithInterval(One(n, k)))]
                )
            )
            + "\n";
    }
}
