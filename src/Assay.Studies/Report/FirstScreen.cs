using System.Text;

namespace Assay.Studies;

/// <summary>What a reader who knows no statistics needs, in at most 25 lines.</summary>
internal static class FirstScreen
{
    private const int Lines = 25;

    // Heading, opening, what to do first, both lines of the table's head, key, and blank lines between.
    private const int Fixed = 12;
    private const int Named = 12;

    public static void Write(
        StringBuilder text,
        ReportData data,
        IReadOnlyList<Finding> findings,
        ChainOutcome chain,
        IReadOnlyList<StudyAction> actions
    )
    {
        var names = new FeatureNames(data.Plan);
        var lead = (data.Overall(Splits.Explain, Estimands.Auc, "model")?.Value ?? double.NaN) - 0.5;
        FeatureLine[] lines =
        [
            .. data
                .Features.Select(f => new FeatureLine(f, findings, lead, AsideWords.Of(data.Plan.Study, names, f)))
                .Where(l => l.Best is not null)
                .OrderBy(l => l.Grade == Grade.D)
                .ThenBy(l => l.Replaceable)
                .ThenByDescending(l => l.Size),
        ];
        text.Append("## What matters, for whom, how sure, what to do\n\n");
        Opening(text, data);
        First(text, data, actions);
        FeatureLine[] matter = data.Verdict.LearntNothing ? [] : [.. lines.Where(l => l.Matters && !l.Replaceable)];
        var leaders = data.Verdict.LearntNothing ? [] : Leaders(findings, actions);
        string[] points = [.. leaders, .. Points(data, findings, lines, chain, lead)];
        var room = Lines - Fixed - points.Length;
        var top = matter.Length <= room ? matter.Length : room - 1;
        Table(text, data, matter[..top], names);
        if (top < matter.Length)
            points =
            [
                .. points.Take(leaders.Count),
                $"**Weaker**: {Names(matter[top..])}.",
                .. points.Skip(leaders.Count),
            ];
        foreach (var point in points)
            text.Append($"- {point}\n");
        text.Append($"\n{Key(data, matter[..top])}\n\n");
    }

    private static void Opening(StringBuilder text, ReportData data)
    {
        if (data.Verdict.LearntNothing)
        {
            text.Append(
                $"> **{Verdict.NothingLearnt}** Every line here has grade D. What to do: mend the model or its training data first.\n\n"
            );
            return;
        }
        var auc = data.Overall(Splits.Explain, Estimands.Auc, "model")?.Value ?? double.NaN;
        var best = data.Verdict.Floors.Where(f => f.Split == Splits.Explain).MaxBy(f => f.Auc);
        text.Append(
            $"The model knows more than simple rules do, so it is worth asking what it leans on: of two rows, one with {data.Plan.Study.Label} and one without, it puts the right one first {Text.Percent(auc)} of the time"
                + (best is null ? "" : $", the best simple rule ({best.Floor}) {Text.Percent(best.Auc)}")
                + ", guessing 50 %. What it is ahead of guessing is its *lead*; percentages below are shares of it.\n\n"
        );
    }

    // The first of the actions: what to do is not to be looked for.
    private static void First(StringBuilder text, ReportData data, IReadOnlyList<StudyAction> actions)
    {
        if (data.Verdict.LearntNothing)
            return;
        if (actions.FirstOrDefault(a => a.Tier < ActionTier.Evidence) is { } first)
        {
            var effect = first.Effect is { Basis: not EffectBasis.SizeOnly } e ? $" {e.Says}" : "";
            text.Append($"**Do first** ({first.Grade}): {first.Title}.{effect} Begin so: {first.First}");
            var more = actions.Count(a => a.Tier < ActionTier.Evidence) - 1;
            text.Append(more > 0 ? $" {more} more under *What to do*.\n\n" : "\n\n");
        }
        else if (actions.FirstOrDefault(a => a.Tier == ActionTier.Evidence) is { } evidence)
            text.Append(
                $"**Do first**: nothing is known well enough to act on yet. {evidence.Title} ({evidence.Grade}). What it takes: {evidence.Missing[0]}.\n\n"
            );
        else
            text.Append("**Do first**: nothing; the findings call for no change.\n\n");
    }

    private static List<string> Leaders(IReadOnlyList<Finding> findings, IReadOnlyList<StudyAction> actions)
    {
        var first = actions.FirstOrDefault(a => a.Tier < ActionTier.Evidence);
        return
        [
            .. findings
                .Where(f => f is { Kind: FindingKind.SegmentLeaders, Grade: < Grade.D })
                .OrderBy(f => f.Grade)
                .Take(2)
                .Select(f =>
                {
                    // What the first action says already is not said again.
                    var isSaid = f.Grade > Grade.B || first?.Target.Dimension == f.Dimension;
                    return $"**Differs between groups** ({f.Grade}): {f.Sentences.Effect} {(isSaid ? "" : f.Sentences.WhatToDo)}".TrimEnd();
                }),
        ];
    }

    private static void Table(StringBuilder text, ReportData data, FeatureLine[] lines, FeatureNames names)
    {
        if (lines.Length == 0)
        {
            text.Append(data.Verdict.LearntNothing ? "" : "No feature is shown to matter.\n\n");
            return;
        }
        var looked = data
            .Merged.Estimates.Where(e =>
                e.Split == Splits.Explain
                && e.Estimand.StartsWith(SegmentDifferenceFindings.Contrast, StringComparison.Ordinal)
            )
            .ToLookup(e => e.Feature, e => e.Dimension);
        text.Append(
            Text.Table(
                ["what", "what the model gets from it", "for whom", "how sure", "what to do"],
                lines.Select(l =>
                    (IReadOnlyList<string>)
                        [l.Title, l.Effect, l.ForWhom(names, [.. looked[l.Best!.Feature].Distinct()]), l.Sure, l.ToDo]
                )
            )
        );
        text.Append('\n');
    }

    private static List<string> Points(
        ReportData data,
        IReadOnlyList<Finding> findings,
        FeatureLine[] lines,
        ChainOutcome chain,
        double lead
    )
    {
        var points = new List<string>();
        if (!data.Verdict.LearntNothing)
        {
            var margin = data.Plan.Study.Margin;
            var share = lead > 0 ? $", {Text.Rough(margin / lead)} % of the lead" : "";
            Replaceable(points, [.. lines.Where(l => l.Replaceable)]);
            Rest(
                points,
                $"**Does not matter** (changes AUC by no more than {Text.Number(margin)}{share})",
                [.. lines.Where(l => l.Negligible)]
            );
            Rest(points, "**Not settled** (more data needed)", [.. lines.Where(l => !l.Matters && !l.Negligible)]);
        }
        foreach (var warning in findings.Where(IsWarning).OrderBy(f => f.Grade).Take(3))
            points.Add($"**Careful** ({warning.Grade}): {warning.Sentences.Effect}");
        if (findings.Count(IsWarning) is > 3 and var all)
            points[^1] += $" And {all - 3} more such.";
        Otherwise(points, chain);
        if (chain.LeftOut.ToArray() is { Length: > 0 } leftOut)
            points.Add($"**Not looked at in this study**: {string.Join("; ", leftOut)}.");
        return points;
    }

    private static void Otherwise(List<string> points, ChainOutcome chain)
    {
        if (chain.Results.Select(r => r.Result?.Facts).OfType<HypothesisScores>().FirstOrDefault() is not { } scores)
            return;
        ScoredHypothesis[] wrong = [.. scores.Hypotheses.Where(h => h.Verdict == HypothesisVerdict.Contradicted)];
        if (wrong.Length > 0)
            points.Add(
                $"**Otherwise than expected** ({wrong.Length} of {scores.Hypotheses.Count} expectations): not so that "
                    + $"{Listed([.. wrong.OrderBy(h => h.Grade).Select(h => $"{h.Expected} ({h.Grade})")])}."
            );
    }

    private static bool IsWarning(Finding f) =>
        f.Kind
            is FindingKind.SamplingArtefact
                or FindingKind.Proxy
                or FindingKind.Drifted
                or FindingKind.MethodsDisagree
                or FindingKind.Passing;

    private static void Replaceable(List<string> points, FeatureLine[] lines)
    {
        foreach (var group in lines.GroupBy(l => (l.ToDo, l.Sure)))
            points.Add(
                $"**Leaned on, but others can take its place** ({group.Key.Sure}): "
                    + $"{Listed([.. group.Select(l => $"{l.Title} {l.Share}".TrimEnd())])}. {group.Key.ToDo}."
            );
    }

    private static void Rest(List<string> points, string heading, FeatureLine[] lines)
    {
        if (lines.Length > 0)
            points.Add($"{heading}: {Names(lines)}.");
    }

    private static string Names(FeatureLine[] lines)
    {
        // A grade that all share is said once.
        if (lines.Select(l => l.Best!.Grade).Distinct().Count() == 1)
            return $"{Listed([.. lines.Select(l => l.Title)])} ({lines[0].Best!.Grade})";
        return Listed([.. lines.Select(l => $"{l.Title} ({l.Best!.Grade})")]);
    }

    private static string Listed(string[] names)
    {
        var named = names.Take(Named).ToList();
        if (names.Length > Named)
            named.Add($"{names.Length - Named} more");
        return Text.List(named);
    }

    private static string Key(ReportData data, FeatureLine[] shown)
    {
        var missing = shown.Where(l => l.Missing.Length > 0).Select(l => l.Missing).Distinct().Take(2).ToArray();
        var more =
            missing.Length == 0
                ? ""
                : $"*Find out more* means, for those who run studies: {string.Join("; ", missing)}. ";
        return more
            + "Grades: A proven by experiment; B well supported, may be acted on; C true of this model only; D no evidence to act on. "
            + (
                data.Verdict.LearntNothing
                    ? ""
                    : $"In brackets after a number: the range that very likely holds the true value{Over(data)}. "
            )
            + $"In full: `{FindingsFile.Name}`.";
    }

    private static string Over(ReportData data) =>
        new FeatureNames(data.Plan) is { SecondUnits: { } second } names
            ? $", over other {names.Units} and other {second}"
            : "";
}
