using System.Text;

namespace Assay.Studies;

/// <summary>What a reader must know before believing the numbers: sampling, completeness, what was not tested.</summary>
internal static class WarningSection
{
    public static void Write(StringBuilder text, ReportData data)
    {
        text.Append("## Read this before using the numbers\n\n");
        foreach (var split in data.Plan.Splits)
            Sampling(text, data, split);
        foreach (var gap in data.Merged.Gaps)
            text.Append(
                $"- Completeness of {gap.Method} on the {gap.Split} rows: the attributions miss target − baseline by {Text.Number(gap.MeanAbsolute)} "
                    + $"on average (95 % of rows below {Text.Number(gap.Quantile95)}, largest {Text.Number(gap.Largest)}), where that difference "
                    + $"is {Text.Number(gap.MeanAbsoluteDifference)} in size on average.\n"
            );
        text.Append(
            "- Permutation makes rows that cannot exist and overstates correlated features; mean |attribution| is never 0, so whether it "
                + "replicates was not tested (that needs a null from refitted models).\n"
        );
        if (data.Plan.Study.Weight is { } weight)
            text.Append(
                $"- Weights (`{weight}`) apply to AUC, list metrics and mean attributions, not to logloss and calibration.\n"
            );
        if (data.Plan.Study.Item is null)
            text.Append("- No item column was declared, so the model was not compared with item rates.\n");
        text.Append('\n');
    }

    private static void Sampling(StringBuilder text, ReportData data, PreparedSplit split)
    {
        if (split.HighestRequestRate - split.LowestRequestRate > 1e-12)
            return;
        var list = data.Plan.Study.Request is { } request
            ? $"list (`{request}`)"
            : $"cluster (`{data.Plan.Study.Cluster}`)";
        var constant = data
            .Plan.Features.Where(f => split.Levels[f.Entry.Name] != Level.Row)
            .Select(f => f.Entry.Title)
            .ToArray();
        text.Append(
            $"- Every {list} of the {split.Name} rows has the same share of positives, {Text.Percent(split.Rate)}: what is constant within a "
                + $"{list.Split(' ')[0]} cannot have a main effect on the label, only interactions. That holds for {Text.List(constant)}.\n"
        );
    }
}
