using System.Text;

namespace Assay.Studies;

/// <summary>The report of a study in Markdown: what was studied, whether the model knows anything, then the importances.</summary>
internal static class ReportWriter
{
    public static string Write(
        StudyPlan plan,
        string head,
        ChainOutcome chain,
        Verdict verdict,
        IReadOnlyList<Finding> findings,
        IReadOnlyList<StudyAction> actions
    )
    {
        var data = new ReportData(plan, chain.Merged, head, verdict);
        var text = new StringBuilder();
        text.Append($"# Study: {plan.Study.Name}\n\n");
        FirstScreen.Write(text, data, findings, chain, actions);
        ActionSection.Write(text, plan.Study, new FeatureNames(plan).Units, actions);
        Opening(text, data);
        VerdictSection.Write(text, data);
        ImportanceSection.Write(text, data);
        CoverageSection.Write(text, data);
        WarningSection.Write(text, data);
        SegmentSection.Write(text, data);
        foreach (var (_, result) in chain.Results)
            text.Append(result?.Section);
        TableSection.Write(text, data);
        return text.ToString();
    }

    private static void Opening(StringBuilder text, ReportData data)
    {
        var study = data.Plan.Study;
        text.Append("## What was studied\n\n");
        text.Append(
            $"Model `{Path.GetFileName(study.Model)}`, head `{data.Head}`, {data.Plan.Features.Count} features. "
        );
        foreach (var split in data.Plan.Splits)
            text.Append(
                $"The {split.Name} rows: {Text.Count(split.Rows)} of {Text.Count(split.Clusters)} clusters (`{study.Cluster}`)"
                    + (split.SecondClusters is { } second ? $" and {Text.Count(second)} (`{study.SecondCluster}`)" : "")
                    + (study.Request is null ? "" : $" in {Text.Count(split.Requests)} lists (`{study.Request}`)")
                    + $", {Text.Percent(split.Rate)} positive. "
            );
        text.Append('\n');
        if (study.Sampling is { } sampling)
            text.Append($"\nSampling, as declared: {sampling.Trim()}\n");
        text.Append('\n');
    }
}
