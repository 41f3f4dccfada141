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
    private const string Decision = "decision";
    private const int Looked = 8;

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
    public static void Write(StudyPlan plan, Verdict verdict, IReadOnlyList<Finding> findings)
    {
        var path = Path.Combine(plan.Folder, Name);
        if (!File.Exists(path) || !FilledIn(path, findings))
            Files.WriteText(path, Of(plan, verdict, findings));
    }

    // What cannot be read was written by people all the same.
    private static bool FilledIn(string path, IReadOnlyList<Finding> findings)
    {
        try
        {
            return WorkshopReader.Read(path, [.. findings.Select(f => f.Id)]).Items.Count > 0;
        }
        catch (AssayException)
        {
            return true;
        }
    }

    public static string Of(StudyPlan plan, Verdict verdict, IReadOnlyList<Finding> findings)
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
        var decisions = Decisions(findings).ToArray();
        for (var i = 0; i < decisions.Length; i++)
            Entry(text, Decision, $"{i + 1}", decisions[i]);
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

    private static IEnumerable<string> Decisions(IReadOnlyList<Finding> findings)
    {
        foreach (var f in findings.Where(f => f.Grade <= Grade.B).OrderByDescending(f => Math.Abs(f.Value)).Take(5))
            yield return $"{f.Sentences.Effect} {f.Sentences.WhatToDo}";
        yield return "Which evidence is collected next, and until when?";
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
