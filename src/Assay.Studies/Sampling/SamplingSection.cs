using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on what fields tell by themselves.</summary>
internal static class SamplingSection
{
    private const int MostRows = 12;

    public static string Write(
        ChainContext context,
        IReadOnlyList<Estimate> estimates,
        IReadOnlyList<SamplingSigns> signs
    )
    {
        var text = new StringBuilder("## What could be fooling us: how the rows were sampled\n\n");
        foreach (var kind in signs.SelectMany(s => s.Sentences.Keys).Distinct())
        {
            var own = signs.Where(s => s.Sentences.ContainsKey(kind)).ToArray();
            var again = own.Skip(1).Select(s => $" The same holds on the {s.Split} rows.");
            text.Append($"- {own[0].Sentences[kind]}{string.Concat(again)}\n");
        }
        if (signs.All(s => s.Sentences.Count == 0))
            text.Append("No sign that sampling made the importances below.\n");
        var explained = estimates.Where(e => e.Split == Splits.Explain).ToArray();
        var model = context.Merged.Estimates.First(e =>
            (e.Split, e.Dimension, e.Estimand, e.Method)
            == (Splits.Explain, SegmentBuilder.Overall, Estimands.Auc, "model")
        );
        text.Append(
            $"\nThe model's AUC is {Text.WithInterval(model)} on the explain rows. What simple rules reach that know one thing only"
                + (context.Splits.Count > 1 ? ", fitted on other users of the other split" : ", fitted on other users")
                + ":\n\n"
        );
        var fields = explained
            .Where(e => e.Feature.Length > 0)
            .OrderByDescending(e => Math.Abs(e.Value - 0.5))
            .ToArray();
        var rows = explained.Where(e => e.Feature.Length == 0).Concat(fields.Take(MostRows));
        text.Append(
            Text.Table(
                ["known", "AUC (95 % interval)", "share of the model's lead"],
                rows.Select(e =>
                    (IReadOnlyList<string>)
                        [Title(context, e), Text.WithInterval(e), Text.Percent((e.Value - 0.5) / (model.Value - 0.5))]
                )
            )
        );
        if (fields.Length > MostRows)
            text.Append(
                $"\nThe other {fields.Length - MostRows} fields lie between {Text.Number(fields.Skip(MostRows).Min(e => e.Value))} and "
                    + $"{Text.Number(fields.Skip(MostRows).Max(e => e.Value))}.\n"
            );
        return text.Append('\n').ToString();
    }

    private static string Title(ChainContext context, Estimate e) =>
        e.Method switch
        {
            AloneRules.Popularity => "*the item's popularity*",
            AloneRules.User => $"*the rate of the {context.Study.Cluster}*",
            AloneRules.Item => "*the item's rate*",
            AloneRules.UserItem => $"*{context.Study.Cluster}, item and the pair*",
            AloneRules.SameRows => "*the item's rate among the same rows*",
            _ => context.Plan.Features.First(f => f.Entry.Name == e.Feature).Entry.Title,
        };
}
