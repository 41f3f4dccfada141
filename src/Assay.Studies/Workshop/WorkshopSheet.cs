using System.Text;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// <c>workshop.md</c>: an agenda for product, data, design and domain people, drawn from the run, with places to fill in
/// that <see cref="WorkshopReader"/> reads back.
/// </summary>
internal static class WorkshopSheet
{
    public const string Name = "workshop.md";
    public const string Finding = "finding";
    private const string Question = "question";
    private const string Hypothesis = "hypothesis";
    public const string Decision = "decision";
    private const int Looked = 8;
    private const int Decided = 5;

    /// <summary>What can be filled in, by kind.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Fields = new SortedDictionary<string, string[]>(
        StringComparer.Ordinal
    )
    {
        [Decision] = ["decision", "owner", "due", "note"],
        [Finding] = ["surprising", "explanation", "note", "owner"],
        [Hypothesis] = ["feature", "segment", "expected", "reason", "author"],
        [Question] = ["answer", "owner"],
    };

    /// <summary>Writes the sheet, unless the run has one that people have written in.</summary>
    public static void Write(
        StudyPlan plan,
        Verdict verdict,
        IReadOnlyList<Finding> findings,
        IReadOnlyList<StudyAction> actions
    )
    {
        var path = Path.Combine(plan.Folder, Name);
        var subjects = new WorkshopSubjects([.. findings.Select(f => f.Id)], [.. actions.Select(a => a.Id)]);
        if (!File.Exists(path) || !FilledIn(path, subjects))
            Files.WriteText(path, Of(plan, verdict, findings, actions));
    }

    // What cannot be read was written by people all the same.
    private static bool FilledIn(string path, WorkshopSubjects subjects)
    {
        try
        {
            return WorkshopReader.Read(path, subjects).Items.Count > 0;
        }
        catch (AssayException)
        {
            return true;
        }
    }

    public static string Of(
        StudyPlan plan,
        Verdict verdict,
        IReadOnlyList<Finding> findings,
        IReadOnlyList<StudyAction> actions
    )
    {
        var text = new StringBuilder();
        text.Append($"# Workshop: {plan.Study.Name}\n\n");
        text.Append(
            "For product, data, design and domain people together; about an hour. Write behind the colons, one line each, and "
                + $"keep the headings; then `assay annotate {Path.GetFileName(plan.Folder)}` reads it back.\n"
        );
        Agenda(text, verdict);
        text.Append("\n## 2. What the study found: does it make sense? (25 min)\n");
        var looked = findings
            .Where(f => f.Kind != FindingKind.NotSettled)
            .DistinctBy(f => f.Feature + f.Segment)
            .ToArray();
        foreach (var f in looked.OrderBy(f => f.Grade).ThenByDescending(f => Math.Abs(f.Value)).Take(Looked))
            Entry(text, Finding, f.Id, $"{f.Sentences.Effect} {f.Sentences.HowSure} {f.Sentences.WhatCouldBeWrong}");
        text.Append("\n## 3. Open questions (10 min)\n");
        var questions = Questions(plan, verdict, findings).ToArray();
        for (var i = 0; i < questions.Length; i++)
            Entry(text, Question, $"{i + 1}", questions[i]);
        text.Append(
            "\n## 4. What do you expect of the next study? (10 min)\n\nWritten before it is run, an expectation can be wrong; that is its worth. "
                + "Copy them into `hypotheses.yaml`.\n"
        );
        for (var i = 1; i <= 3; i++)
            Entry(text, Hypothesis, $"{i}", "");
        text.Append("\n## 5. Decisions due (10 min)\n");
        foreach (var action in actions.Where(a => a.Tier < ActionTier.Evidence).Take(Decided))
            Entry(
                text,
                Decision,
                action.Id,
                $"{action.Title} (grade {action.Grade}). {action.Evidence[0].Says} First: {action.First}"
            );
        Entry(text, Decision, "1", Evidence(actions));
        return text.ToString();
    }

    private static void Agenda(StringBuilder text, Verdict verdict)
    {
        text.Append("\n## 1. What we look at (5 min)\n\n");
        text.Append(
            verdict.LearntNothing
                ? $"**{Verdict.NothingLearnt}** Talk about the data and the training first.\n"
                : "The first screen of `report.md`, together. Who can say in own words what matters, for whom, how sure, and what to do?\n"
        );
    }

    private static IEnumerable<string> Questions(StudyPlan plan, Verdict verdict, IReadOnlyList<Finding> findings)
    {
        foreach (var reason in verdict.Reasons)
            yield return $"{reason} Why?";
        if (plan.Study.Sampling is null)
            yield return "How were the rows sampled, and which candidates were never shown?";
        var unsettled = findings
            .Where(f => f.Kind == FindingKind.NotSettled)
            .Select(f => f.DisplayName)
            .Distinct()
            .ToArray();
        if (unsettled.Length > 0)
            yield return $"Not settled: {Text.List(unsettled)}. Is it worth more data?";
        foreach (var hurt in findings.Where(f => f.Kind == FindingKind.FeatureHurts).Take(3))
            yield return $"{hurt.Sentences.Effect} Is the feature the same in training and in service?";
        foreach (
            var missing in findings
                .SelectMany(f => f.MissingForNextGrade)
                .CountBy(m => m)
                .OrderByDescending(m => m.Value)
                .Take(2)
        )
            yield return $"{missing.Value} findings would be surer with {missing.Key}. Who can provide it?";
        yield return "Which feature would you have expected near the top that is not there?";
    }

    private static string Evidence(IReadOnlyList<StudyAction> actions)
    {
        string[] asked = [.. actions.Where(a => a.Tier == ActionTier.Evidence).Take(3).Select(a => a.Missing[0])];
        return "Which evidence is collected next, and until when?"
            + (asked.Length == 0 ? "" : $" Asked for: {string.Join("; ", asked.Distinct())}.");
    }

    private static void Entry(StringBuilder text, string kind, string subject, string says)
    {
        text.Append($"\n### {kind}: {subject}\n\n");
        if (says.Length > 0)
            text.Append($"> {says}\n\n");
        foreach (var field in Fields[kind])
            text.Append($"- {field}:\n");
    }
}
