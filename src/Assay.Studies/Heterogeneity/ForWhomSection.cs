using System.Text;

namespace Assay.Studies;

/// <summary>The report's "For whom": who leads where, what matters more where, and what was tested to say so.</summary>
internal static class ForWhomSection
{
    private const int MostDifferences = 10;
    private const int MostColumns = 8;
    private const int MostRows = 8;

    public static string Write(ChainContext context, IReadOnlyList<Estimate> judged)
    {
        var data = new ForWhom(context, judged);
        var text = new StringBuilder("## For whom\n\n");
        if (context.Verdict.LearntNothing)
            text.Append($"> {Verdict.NothingLearnt} Differences between segments then mean nothing.\n\n");
        foreach (var dimension in data.Dimensions)
            Leaders(text, data, dimension);
        Differences(text, data);
        foreach (var dimension in data.Dimensions)
            Values(text, data, dimension);
        Tested(text, data);
        return text.ToString();
    }

    private static void Leaders(StringBuilder text, ForWhom data, string dimension)
    {
        Estimate[] leads = [.. data.Explained(Estimands.Lead).Where(e => e.Dimension == dimension)];
        Estimate[] sure = [.. leads.Where(ForWhom.IsSure)];
        string[] unsure = [.. leads.Except(sure).Select(e => e.SegmentLabel)];
        if (leads.Length == 0)
            return;
        var shown = $"**By {dimension.Replace('_', ' ')}.** ";
        var open = unsure.Length == 0 ? "" : $" Which feature comes first is not sure in {Text.List(unsure)}.";
        if (sure.Length == 0)
        {
            text.Append($"{shown}Nowhere is it sure which feature comes first.\n\n");
            return;
        }
        if (sure.Select(e => e.Feature).Distinct().Count() == 1 && sure.Length > 1)
            text.Append(
                $"{shown}{data.Title(sure[0].Feature)} leads in {Text.List([.. sure.Select(e => e.SegmentLabel)])}: the same everywhere."
            );
        else
            text.Append(shown)
                .Append(
                    string.Join(
                        "; ",
                        sure.Select(e =>
                            $"{data.Title(e.Feature)} leads in {e.SegmentLabel} ({Short(data.Importance(e)!.Value)}{Next(data, e)})"
                        )
                    )
                )
                .Append('.');
        text.Append(open).Append("\n\n");
    }

    private static string Next(ForWhom data, Estimate lead) =>
        data.RunnerUp(lead) is { } next ? $", next {data.Title(next.Feature)} {Short(next.Value)}" : "";

    private static void Differences(StringBuilder text, ForWhom data)
    {
        Estimate[] sure =
        [
            .. data.Explained(Estimands.Contrast)
                .Where(e => ForWhom.IsSure(e) && !data.IsMadeOf(e))
                .OrderByDescending(e => Math.Abs(e.Value)),
        ];
        if (sure.Length == 0)
        {
            text.Append(
                "No feature is shown to matter more in one segment than in the others. That is no proof that it matters alike: "
                    + "small segments show only large differences.\n\n"
            );
            return;
        }
        text.Append(
            $"What matters more or less in a segment than in the other segments of its kind, by {data.Unit}:\n\n"
        );
        foreach (var e in sure.Take(MostDifferences))
        {
            var own = data.Importance(e)!;
            text.Append(
                $"- {data.Title(e.Feature)} matters {(e.Value > 0 ? "more" : "less")} in {e.Dimension.Replace('_', ' ')} = {e.SegmentLabel} "
                    + $"than in the rest: {Short(own.Value)} against {Short(own.Value - e.Value)} "
                    + $"(very likely by {Range(e)}{Again(e)}).\n"
            );
        }
        if (sure.Length > MostDifferences)
            text.Append($"- … and {sure.Length - MostDifferences} smaller differences, in `estimates.parquet`.\n");
        text.Append('\n');
    }

    private static string Range(Estimate e) =>
        e.Value > 0 ? $"{Short(e.Low)} to {Short(e.High)}" : $"{Short(-e.High)} to {Short(-e.Low)}";

    private static string Again(Estimate e) => e.Replicated == "yes" ? "; seen again on untouched rows" : "";

    /// <summary>Small segments' numbers swing by chance, so the table shows them drawn towards the mean.</summary>
    private static void Values(StringBuilder text, ForWhom data, string dimension)
    {
        Estimate[] differing =
        [
            .. data.Explained(Estimands.Heterogeneity)
                .Where(e => e.Dimension == dimension && !data.IsMadeOf(e))
                .Where(e => e.PAdjusted < HeterogeneityStep.Level && e.Replicated != "no")
                .OrderByDescending(e => e.Value)
                .Take(MostRows),
        ];
        var shrunk = data.Explained(Estimands.Shrunk).Where(e => e.Dimension == dimension).ToLookup(e => e.Feature);
        if (differing.Length == 0)
            return;
        Estimate[] columns = [.. shrunk[differing[0].Feature].Take(MostColumns)];
        text.Append(
            $"Features that the model does not use alike in all of {dimension.Replace('_', ' ')} ({data.Unit}; numbers of small segments drawn towards the mean):\n\n"
        );
        text.Append(
                Text.Table(
                    ["feature", .. columns.Select(c => c.SegmentLabel), "spread", "chance of this if all were alike"],
                    differing.Select(d =>
                        (IReadOnlyList<string>)
                            [
                                data.Title(d.Feature),
                                .. columns.Select(c =>
                                    shrunk[d.Feature].FirstOrDefault(e => e.Segment == c.Segment) is { } e
                                        ? $"{Short(e.Value)} ({Short(e.Low)} to {Short(e.High)})"
                                        : "–"
                                ),
                                Short(d.Value),
                                Chance(d.PAdjusted),
                            ]
                    )
                )
            )
            .Append('\n');
    }

    private static void Tested(StringBuilder text, ForWhom data)
    {
        Estimate[] tests = [.. data.Explained(Estimands.Heterogeneity)];
        Estimate[] contrasts = [.. data.Explained(Estimands.Contrast)];
        Estimate[] leads = [.. data.Explained(Estimands.Lead)];
        static int Found(Estimate[] all) => all.Count(e => e.PAdjusted < HeterogeneityStep.Level);
        text.Append(
            $"What was tested: {tests.Length} times whether a feature matters alike in all segments of a kind ({Found(tests)} times it does not), "
                + $"{contrasts.Length} times a segment against the others ({Found(contrasts)} differ), {leads.Length} times whether the first feature "
                + $"of a segment beats each of the others ({Found(leads)} do). "
                + "Each of the three is one family, over all features, kinds of segments and segments, corrected so that of what is called different "
                + "about one in twenty at most is chance (Benjamini–Hochberg); what failed on the holdout is not listed. "
                + "Segments that share no units are compared by Cochran's Q with Welch's correction, others by their joint bootstrap.\n\n"
        );
    }

    private static string Chance(double p) => p < 0.0001 ? "below 0.0001" : Text.Number(p);

    private static string Short(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The estimates of the step, as its section looks them up: by the study's first way of measuring.</summary>
internal sealed class ForWhom
{
    private readonly ReportData report;
    private readonly FeatureNames names;
    private readonly ILookup<string, Estimate> explained;

    public ForWhom(ChainContext context, IEnumerable<Estimate> judged)
    {
        report = new ReportData(context.Plan, context.Merged, context.Head, context.Verdict);
        names = new FeatureNames(context.Plan);
        Dimensions = [.. context.Plan.Segments.Select(s => s.Name)];
        var (estimand, method) = report.Primary;
        explained = judged
            .Where(e => e.Split == Splits.Explain && e.Method == method && e.Dimension != SegmentBuilder.Overall)
            .Where(e => e.Estimand.EndsWith('_' + estimand, StringComparison.Ordinal))
            .ToLookup(e => e.Estimand[..^estimand.Length]);
        Unit =
            report.Permutes is not null ? "how much of the AUC is lost when the feature is exchanged"
            : report.PerRow is not null ? "mean |attribution|"
            : "how much the feature saves of the logloss";
    }

    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>What the numbers are.</summary>
    public string Unit { get; }

    /// <summary>The rows of one prefix within segments, on the explained rows.</summary>
    public IEnumerable<Estimate> Explained(string prefix) => explained[prefix];

    /// <summary>Whether the feature tells the segments apart: to exchange it is to leave the segment, so differences say little.</summary>
    public bool IsMadeOf(Estimate e) => SegmentDefinition.AreMadeOf(report.Plan.Segments, e.Dimension, e.Feature);

    public string Title(string feature) => names.Title(feature);

    /// <summary>The importance behind a row.</summary>
    public Estimate? Importance(Estimate e) =>
        report.Find(e.Split, e.Dimension, e.Segment, report.Primary.Estimand, e.Method, e.Feature);

    /// <summary>The strongest feature after the leader.</summary>
    public Estimate? RunnerUp(Estimate lead) =>
        report
            .Ranked(lead.Split, lead.Dimension, lead.Segment, report.Primary.Estimand, lead.Method)
            .Where(e => e.Feature != lead.Feature)
            .MaxBy(e => e.Value);

    /// <summary>Whether it stands after correction, and the holdout did not contradict it.</summary>
    public static bool IsSure(Estimate e) => e.PAdjusted < HeterogeneityStep.Level && e.Replicated != "no";
}
