using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on declared confounders.</summary>
internal static class ConfounderSection
{
    private const int MostRows = 15;

    /// <summary>Whether an estimate is over all explained rows.</summary>
    public static bool IsShown(Estimate e) => e is { Split: Splits.Explain, Dimension: SegmentBuilder.Overall };

    public static string Write(ChainContext context, IReadOnlyList<Estimate> estimates)
    {
        var text = new StringBuilder("## What could be fooling us: declared confounders\n\n");
        text.Append(
            "AUC lost without the feature (95 % interval): crude, with the confounder held, and what holding it takes away in the way that takes most.\n\n"
        );
        var all = context.Merged.Estimates.Concat(estimates).Where(IsShown).ToLookup(e => e.Feature);
        foreach (var held in context.Study.Confounders)
            One(text, context, held, all);
        return text.ToString();
    }

    private static void One(
        StringBuilder text,
        ChainContext context,
        ConfounderDefinition held,
        ILookup<string, Estimate> all
    )
    {
        Estimate? Find(string feature, string estimand, string method) =>
            all[feature].FirstOrDefault(e => e.Estimand == estimand && e.Method == method);
        Estimate Crude(string feature) => Find(feature, Estimands.Permutation + Estimands.Auc, Exchange.Permutation)!;
        var known = new (string By, string Method)[]
        {
            ("condition", ConfounderDefinition.Conditioned),
            ("stratify", ConfounderDefinition.Stratified),
            ("weight", ConfounderDefinition.Weighted),
        };
        string[] ways = [.. known.Where(w => held.By.Contains(w.By)).Select(w => w.Method + held.Name)];
        Estimate Most(string feature) =>
            ways.Select(w => Find(feature, Estimands.Moved + Estimands.Auc, w)!).MaxBy(e => e.Value)!;
        var features = context.Plan.Features.Select(f => f.Entry).OrderByDescending(f => Crude(f.Name).Value).ToArray();
        text.Append($"**{held.Name}** ({(held.Feature is { } f ? $"feature `{f}`" : $"column `{held.Column}`")})\n\n");
        text.Append(
            Text.Table(
                [
                    "feature",
                    "crude",
                    .. ways.Select(w => w[..w.IndexOf(':', StringComparison.Ordinal)]),
                    "taken away",
                    "association",
                ],
                features
                    .Take(MostRows)
                    .Select(entry =>
                        (IReadOnlyList<string>)
                            [
                                entry.Name == held.Feature ? $"{entry.Title} (the confounder itself)" : entry.Title,
                                Text.WithInterval(Crude(entry.Name)),
                                .. ways.Select(w =>
                                    Text.WithInterval(Find(entry.Name, Estimands.Adjusted + Estimands.Auc, w))
                                ),
                                Text.WithInterval(Most(entry.Name)),
                                Text.Number(Find(entry.Name, Estimands.Association, "with:" + held.Name)!.Value),
                            ]
                    )
            )
        );
        var taken = features
            .Where(entry => entry.Name != held.Feature)
            .Where(entry =>
                ways.Any(w =>
                    Find(entry.Name, Estimands.Adjusted + Estimands.Auc, w) is { } adjusted
                    && ConfounderStep.IsTaken(
                        context.Study.Margin,
                        Crude(entry.Name),
                        adjusted,
                        Find(entry.Name, Estimands.Moved + Estimands.Auc, w)!
                    )
                )
            )
            .Select(entry => entry.Title)
            .ToArray();
        text.Append(
            taken.Length > 0
                ? $"\nMost of what {Text.List(taken)} {(taken.Length > 1 ? "do" : "does")} goes away where {held.Name} is held.\n\n"
                : $"\nNo importance loses more than half where {held.Name} is held.\n\n"
        );
    }
}
