using System.Text;

namespace Assay.Studies;

/// <summary>What a reader who knows no statistics needs, in at most 25 lines.</summary>
internal static class FirstScreen
{
    private const int Top = 8;
    private const int Named = 12;

    public static void Write(StringBuilder text, ReportData data, IReadOnlyList<Finding> findings)
    {
        var names = new FeatureNames(data.Plan);
        // A feature's best graded finding speaks for it; between equals the one that was asked first.
        Finding[] best =
        [
            .. data
                .Features.Select(f => findings.Where(x => x.Feature == f).MinBy(x => x.Grade))
                .OfType<Finding>()
                .OrderBy(f => f.Grade)
                .ThenByDescending(f => Math.Abs(f.Value)),
        ];
        Finding[] Of(params FindingKind[] kinds) => [.. best.Where(f => kinds.Contains(f.Kind))];
        text.Append("## What matters, for whom, how sure, what to do\n\n");
        if (data.Verdict.LearntNothing)
            text.Append(
                $"> **{Verdict.NothingLearnt}** Every line here has grade D. What to do: mend the model or its training data first.\n\n"
            );
        else
            text.Append("The model knows more than simple rules do, so it is worth asking what it leans on.\n\n");
        Matters(text, names, Of(FindingKind.FeatureMatters, FindingKind.FeatureHurts));
        var margin = Text.Number(data.Plan.Study.Margin);
        Rest(text, $"**Does not matter** (changes AUC by no more than {margin})", Of(FindingKind.FeatureDoesNotMatter));
        Rest(text, "**Not settled** (more data needed)", Of(FindingKind.NotSettled));
        text.Append(
            "Grades: A proven by experiment; B well supported, may be acted on; C true of this model only; D no evidence to act on. "
                + $"In brackets: the range that very likely holds the true value. In full: `{FindingsFile.Name}`.\n\n"
        );
    }

    private static void Matters(StringBuilder text, FeatureNames names, Finding[] findings)
    {
        if (findings.Length == 0)
        {
            text.Append("No feature is shown to matter.\n\n");
            return;
        }
        text.Append(
            Text.Table(
                ["what", "effect", "how sure", "for whom", "what to do"],
                findings
                    .Take(Top)
                    .Select(f =>
                        (IReadOnlyList<string>)
                            [
                                f.DisplayName,
                                Effect(f),
                                Sure(f),
                                $"{Text.Count(f.Pedigree.Clusters)} {names.Units}, on average",
                                f.Sentences.WhatToDo,
                            ]
                    )
            )
        );
        if (findings.Length > Top)
            text.Append($"\n{findings.Length - Top} weaker ones: {Names(findings[Top..])}.\n");
        text.Append('\n');
    }

    private static string Effect(Finding f)
    {
        var sentence = f.Sentences.Effect;
        var said = sentence[(sentence.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().TrimEnd('.');
        return f.Interval is { } i ? $"{said} [{Text.Number(i.Low)} to {Text.Number(i.High)}]" : said;
    }

    private static string Sure(Finding f) =>
        $"{f.Grade}: {Wording.Degree(f.Grade)}" + (f.Replicated == "yes" ? "; seen again on untouched rows" : "");

    private static void Rest(StringBuilder text, string heading, Finding[] findings)
    {
        if (findings.Length > 0)
            text.Append($"{heading}: {Names(findings)}.\n\n");
    }

    private static string Names(Finding[] findings)
    {
        var named = findings.Take(Named).Select(f => $"{f.DisplayName} ({f.Grade})").ToList();
        if (findings.Length > Named)
            named.Add($"{findings.Length - Named} more");
        return Text.List(named);
    }
}
