using System.Text;

namespace Assay.Studies;

/// <summary>A card as Markdown, and both of its files.</summary>
internal static class CardText
{
    public const string Json = "card.json";
    public const string Markdown = "card.md";
    private const int Shown = 15;

    public static string Of(ExplanationCard card)
    {
        var text = new StringBuilder();
        void Section(string title, IEnumerable<string> lines)
        {
            text.Append($"\n## {title}\n\n");
            foreach (var line in lines)
                text.Append($"- {Sentence(line)}\n");
        }
        text.Append($"# Explanation card: {card.Study}\n");
        text.Append($"\n## Purpose\n\n{card.Purpose ?? "Not declared (`purpose:` in study.yaml)."}\n");
        var model = card.Model;
        Section(
            "Model",
            [
                $"`{model.File}`, head `{model.Head}`, {model.Features} features, AUC {Text.Number(model.Auc)} on the explained rows",
                model.BeatsTrivialRules
                    ? "it beats every trivial rule"
                    : "it does **not** beat every trivial rule, so nothing below is evidence",
                .. model.Reasons,
            ]
        );
        text.Append("\n## Data\n\n");
        text.Append(
            Text.Table(
                ["rows", "number", "independent units", "lists", "positive", "from", "to"],
                card.Data.Select(d =>
                    (IReadOnlyList<string>)
                        [
                            d.Split,
                            Text.Count(d.Rows),
                            Text.Count(d.Clusters),
                            Text.Count(d.Lists),
                            Text.Percent(d.PositiveShare),
                            d.First ?? "–",
                            d.Last ?? "–",
                        ]
                )
            )
        );
        if (card.Parity is { } parity)
            text.Append($"\nLike training? {Sentence(parity)}\n");
        text.Append($"\nSampling: {card.Sampling ?? "not declared (`sampling:` in study.yaml)."}\n");
        text.Append("\n## Methods and why\n\n");
        text.Append(
            Text.Table(
                ["method", "the question it answers", "holds exactly", "source"],
                card.Methods.Select(m =>
                    (IReadOnlyList<string>)
                        [m.Title, m.Why, m.Satisfies.Count == 0 ? "–" : Text.List(m.Satisfies), m.Paper]
                )
            )
        );
        Section("Taken for granted", card.Assumptions);
        Section("Not said", card.Limitations);
        if (card.LeftOut.Count > 0)
            Section("Left out of this study", card.LeftOut);
        Section("Uncertainty", card.Uncertainty);
        Results(text, card);
        if (card.Written.Count > 0)
            Section(
                "What the team wrote",
                card.Written.Select(a =>
                    $"{a.Kind} {a.Subject}: {string.Join("; ", a.Fields.Select(f => $"{f.Key}: {f.Value}"))}"
                )
            );
        Section("Must be reviewed by", card.Reviewers.Select(r => $"{r.Who}: {r.Why}"));
        Section("Stale when", card.StaleWhen);
        text.Append($"\n## Where it comes from\n\nSoftware {card.SoftwareVersion}. SHA-256: ");
        text.Append(
            string.Join("; ", card.Sha256.Where(h => h.Key != "version").Select(h => $"{h.Key} `{h.Value[..12]}`"))
        );
        text.Append(".\n");
        return text.ToString();
    }

    private static void Results(StringBuilder text, ExplanationCard card)
    {
        text.Append("\n## Results\n");
        foreach (var grade in card.Results.GroupBy(r => r.Grade))
        {
            text.Append($"\n### Grade {grade.Key}: {Wording.Degree(grade.Key)}\n\n");
            foreach (var result in grade.Take(Shown))
                text.Append($"- {Sentence(result.Says)}{(result.Note is null ? "" : $" *Note: {result.Note}*")}\n");
            if (grade.Count() > Shown)
                text.Append($"- … and {grade.Count() - Shown} more in `{FindingsFile.Name}`.\n");
        }
        if (card.Results.Count == 0)
            text.Append("\nNone.\n");
    }

    private static string Sentence(string line)
    {
        var first = char.ToUpperInvariant(line[0]) + line[1..];
        return first.EndsWith('.') ? first : first + ".";
    }
}
