using System.Globalization;
using System.Text.RegularExpressions;

namespace Assay.Catalogue;

/// <summary>What a run folder says, as rows that are not yet tied to a study or a model.</summary>
internal sealed partial record RunContent(
    Run Run,
    string Study,
    string Model,
    string ModelSha256,
    IReadOnlyList<RunItem> Items,
    IReadOnlyList<Hypothesis> Hypotheses,
    IReadOnlyList<FeatureEntry> Features
)
{
    public static RunContent Of(RunDocuments documents, string folder, DateTimeOffset modified)
    {
        var (run, card) = (documents.Run, documents.Card);
        var id = documents.Sha256[..12];
        var items = RunItems.Findings(documents.Findings, id).Concat(RunItems.Actions(documents.Actions, id)).ToList();
        int Graded(string grade) => items.Count(i => i.Subject == ItemKind.Finding && i.Grade == grade);
        var row = new Run
        {
            Id = id,
            Sha256 = documents.Sha256,
            PlanSha256 = run.Text("plan_sha256") ?? "",
            Folder = folder,
            Head = run.Text("head") ?? "",
            Purpose = card?.Text("purpose"),
            SoftwareVersion = run.Text("software_version") ?? "",
            Created = Created(run) ?? Timestamps.Whole(modified),
            ImportedBy = "",
            Headline = Headline(documents, items),
            GradeA = Graded("A"),
            GradeB = Graded("B"),
            GradeC = Graded("C"),
            GradeD = Graded("D"),
            Actions = items.Count(i => i.Subject == ItemKind.Action),
            StaleAfter = card?.Texts("stale_when").Select(Day).FirstOrDefault(d => d is not null),
        };
        return new(
            row,
            run.Needed("study", 300),
            ModelName(run, card),
            run.Child("sha256")?.Text("model") ?? "",
            items,
            HypothesisRows.Of(documents.Hypotheses, id),
            FeatureRows.Of(documents)
        );
    }

    private static DateTimeOffset? Created(RunPart run) =>
        DateTimeOffset.TryParse(
            run.Text("created"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? Timestamps.Whole(time)
            : null;

    private static string ModelName(RunPart run, RunPart? card)
    {
        var path = run.Text("model") ?? card?.Child("model")?.Text("file") ?? "";
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length switch
        {
            0 => throw run.Error("names no model"),
            > 300 => throw run.Error("names a model with more than 300 characters"),
            _ => name,
        };
    }

    private static string Headline(RunDocuments documents, List<RunItem> items) =>
        documents.Findings?.Flag("model_beats_trivial_rules") == false
        && documents.Findings.Value.Texts("verdict_reasons") is [var reason, ..]
            ? reason
            : items.Find(i => i.Subject == ItemKind.Finding)?.Title ?? "";

    // The card says it in a sentence: "90 days have passed since …, that is after 2018-02-10".
    private static DateTimeOffset? Day(string sentence) =>
        After().Match(sentence) is { Success: true } match
        && DateTimeOffset.TryParseExact(
            match.Groups[1].Value,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var day
        )
            ? day
            : null;

    [GeneratedRegex(@"that is after (\d{4}-\d{2}-\d{2})\b")]
    private static partial Regex After();
}
