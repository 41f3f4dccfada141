namespace Assay.Studies;

/// <summary>Who must look at a study: those it names, else those whom its findings concern.</summary>
internal static class CardReviewers
{
    public static IEnumerable<CardReviewer> Of(StudyPlan plan, Verdict verdict, IReadOnlyList<Finding> findings)
    {
        var study = plan.Study;
        if (study.Governance.Reviewers.Count > 0)
        {
            foreach (var named in study.Governance.Reviewers)
                yield return new(named, "named by the study");
            yield break;
        }
        yield return new("the model's owner", "answers for what the model leans on");
        if (verdict.LearntNothing)
            yield return new("whoever trains the model", "it does not beat every trivial rule");
        if (study.Sampling is null)
            yield return new("whoever logs and samples the data", "how negatives were sampled is not declared");
        var used = findings
            .Where(f => f.Kind == FindingKind.FeatureMatters && f.Grade < Grade.D)
            .Select(f => f.Feature)
            .ToHashSet();
        var sensitive = study
            .Governance.SensitiveOf(plan.Features.Select(f => f.Entry))
            .Select(f => f.Name)
            .Where(used.Contains)
            .ToArray();
        if (sensitive.Length > 0)
            yield return new(
                "privacy and fairness",
                $"the model leans on {Text.List(sensitive)}, declared as sensitive"
            );
        foreach (
            var owned in plan
                .Features.Where(f => f.Entry.Owner is not null && used.Contains(f.Entry.Name))
                .GroupBy(f => f.Entry.Owner!)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
        )
            yield return new(
                owned.Key,
                $"owns {Text.List([.. owned.Select(f => f.Entry.Title)])}, which the model leans on"
            );
    }
}
