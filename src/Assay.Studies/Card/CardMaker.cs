using System.Globalization;
using Assay.Attribution;

namespace Assay.Studies;

/// <summary>From a finished chain to its card.</summary>
internal static class CardMaker
{
    public static ExplanationCard Of(
        StudyPlan plan,
        string head,
        ChainOutcome chain,
        Verdict verdict,
        IReadOnlyList<Finding> findings,
        IReadOnlyDictionary<string, string> hashes,
        Annotations notes
    )
    {
        var spans = plan.Splits.ToDictionary(s => s.Name, s => Span(plan, s));
        return new ExplanationCard
        {
            Study = plan.Study.Name,
            Purpose = plan.Study.Governance.Purpose,
            Model = new(
                Path.GetFileName(plan.Study.Model),
                head,
                plan.Features.Count,
                chain.Merged.Estimates.First(e => e is { Estimand: Estimands.Auc, Method: "model" }).Value,
                !verdict.LearntNothing,
                verdict.Reasons
            ),
            Data =
            [
                .. plan.Splits.Select(s => new CardData(
                    s.Name,
                    s.Rows,
                    s.Clusters,
                    s.Requests,
                    s.Rate,
                    spans[s.Name].First,
                    spans[s.Name].Last
                )),
            ],
            Parity = chain.Results.Select(r => r.Result?.Facts).OfType<ParityFacts>().FirstOrDefault()?.Says,
            Sampling = plan.Study.Sampling?.Trim(),
            Methods = [.. plan.Study.Methods.Select(m => CardMethods.Of(MethodRegistry.Get(m.Id)))],
            Assumptions = [.. findings.SelectMany(f => f.Assumptions).Distinct()],
            Limitations = [.. findings.SelectMany(f => f.Limitations).Distinct()],
            LeftOut = [.. chain.LeftOut],
            Uncertainty =
            [
                .. Uncertainty(plan, chain.Merged),
                .. chain.Results.Select(r => r.Result?.ForCard).OfType<string>(),
            ],
            Results =
            [
                .. findings
                    .OrderBy(f => f.Grade)
                    .ThenBy(f => f.Kind)
                    .ThenByDescending(f => Math.Abs(f.Value))
                    .Select(f => new CardResult(
                        f.Id,
                        f.Grade,
                        f.Sentences.Effect,
                        f.Interval,
                        notes.Of(f.Id)?.Field("note")
                    )),
            ],
            Written = [.. notes.Items.Where(a => a.Kind != WorkshopSheet.Finding)],
            Reviewers = [.. CardReviewers.Of(plan, verdict, findings)],
            StaleWhen = [.. StaleWhen(plan, hashes, spans[Splits.Explain].Last)],
            Sha256 = hashes,
            SoftwareVersion = RunPlan.Version,
        };
    }

    private static IEnumerable<string> Uncertainty(StudyPlan plan, Merged merged)
    {
        var names = new FeatureNames(plan);
        if (names.SecondUnits is { } second)
            yield return $"Intervals cover drawing other {names.Units} (`{plan.Study.Cluster}`) and other {second} (`{plan.Study.SecondCluster}`) at once, from {Text.Count(plan.Study.Replicates)} bootstrap replicates, because rows of one of either are alike. Those of refits and of the comparison with the training data cover other {names.Units} only.";
        else
            yield return $"Intervals hold 95 % of {Text.Count(plan.Study.Replicates)} bootstrap replicates that resample {names.Units} (`{plan.Study.Cluster}`), because rows of one are alike.";
        yield return "Whether several features, segments or methods are tested at once is accounted for within each family (Benjamini–Hochberg, 5 % false discoveries).";
        yield return plan.Splits.Count > 1
            ? "What is said to be seen again was measured a second time on the holdout."
            : "Nothing was measured a second time: the study has no holdout.";
        foreach (var gap in merged.Gaps.Where(g => g.Split == Splits.Explain))
            yield return $"Attributions by {gap.Method} miss what they explain by {Text.Number(gap.MeanAbsolute)} on average ({Text.Percent(gap.MeanAbsolute / gap.MeanAbsoluteDifference)} of it), at most by {Text.Number(gap.Largest)}.";
    }

    private static IEnumerable<string> StaleWhen(
        StudyPlan plan,
        IReadOnlyDictionary<string, string> hashes,
        string? last
    )
    {
        yield return $"the model changes (SHA-256 {hashes["model"][..12]}…), by refitting or otherwise";
        yield return $"the feature dictionary or the way features are made changes (SHA-256 {hashes["dictionary"][..12]}…)";
        if (plan.Study.Governance.StaleAfterDays is { } days)
            yield return last is null
                ? $"{days} days have passed since the explained rows were logged"
                : $"{days} days have passed since the last explained row ({last}){Until(last, days)}";
        yield return "the served rows no longer resemble the explained ones";
        yield return "the way candidates are shown or negatives are sampled changes";
    }

    private static string Until(string last, int days) =>
        DateTime.TryParse(last, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? FormattableString.Invariant($", that is after {day.ToUniversalTime().AddDays(days):yyyy-MM-dd}")
            : "";

    private static (string? First, string? Last) Span(StudyPlan plan, PreparedSplit split)
    {
        if (plan.Study.Time is not { } column)
            return (null, null);
        var source = split.Name == Splits.Explain ? plan.Study.Explain : plan.Study.Holdout!;
        using var duck = Duck.Open(source.Folder, memory: plan.Study.Memory);
        var name = Sql.Name(column);
        string? One(string function) =>
            duck.Texts($"SELECT {function}({name})::VARCHAR FROM {source.Relation(duck)}")[0];
        return (One("min"), One("max"));
    }
}
