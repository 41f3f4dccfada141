using System.Text;

namespace Assay.Studies;

/// <summary>Features that some rows lack: how many, what they count where they are known, what knowing them everywhere might gain.</summary>
internal static class CoverageSection
{
    private const string Auc = Estimands.Auc;

    public static void Write(StringBuilder text, ReportData data)
    {
        Estimate? Of(string feature, string estimand, string method) =>
            data.Overall(Splits.Explain, estimand, method, feature);
        Estimate? Opportunity(string feature) => Of(feature, Estimands.Opportunity + Auc, Exchange.Permutation);
        string[] features =
        [
            .. data
                .Features.Where(f => Of(f, Estimands.Coverage, Estimands.Data) is { Value: < 1 })
                .OrderByDescending(f => Opportunity(f)?.Value ?? double.NegativeInfinity),
        ];
        if (features.Length == 0)
            return;
        text.Append("## What is missing\n\n");
        text.Append($"{Sentence(data, features, Opportunity)}\n\n");
        text.Append(
            Text.Table(
                [
                    "feature",
                    "rows without it (95 %)",
                    "rows with a stand-in (95 %)",
                    "AUC lost when permuted (95 %)",
                    "the same where it is known (95 %)",
                    "opportunity (95 %)",
                ],
                features.Select(f =>
                    (IReadOnlyList<string>)
                        [
                            data.Title(f),
                            Share(Of(f, Estimands.MissingShare, Estimands.Data)),
                            Share(Of(f, Estimands.DefaultShare, Estimands.Data)),
                            Text.WithInterval(Of(f, Estimands.Permutation + Auc, Exchange.Permutation)),
                            Text.WithInterval(Of(f, Estimands.GivenPresence + Auc, Exchange.Permutation)),
                            Text.WithInterval(Opportunity(f)),
                        ]
                )
            )
        );
        text.Append(
            "\nWithout it: empty (padding). A stand-in: the id of unknown values, or what the dictionary puts for a missing one (a true value "
                + "that equals it counts too). Opportunity: what is lost where the feature is known × share of rows that lack it: what filling it in might gain at "
                + "most, if rows that lack it are like those that have it and the model stays as it is.\n\n"
        );
    }

    private static string Sentence(ReportData data, string[] features, Func<string, Estimate?> opportunity)
    {
        if (!features.Any(f => opportunity(f) is not null))
            return $"{Count(features.Length, "feature")} {(features.Length == 1 ? "is" : "are")} not known in every row; what that costs was not measured "
                + "(method permutation, without `given_presence: false`).";
        if (data.Verdict.LearntNothing)
            return "The model has learnt nothing, so that no gap in the data is shown to cost anything.";
        Estimate[] worth = [.. features.Select(opportunity).OfType<Estimate>().Where(e => IsWorth(e, data))];
        return worth.Length == 0
            ? $"No gap is shown to be worth filling: for each feature the gain lies within chance or within the margin ({Text.Number(data.Plan.Study.Margin)} of AUC)."
            : $"Worth collecting where it is missing: {Text.List([.. worth.Select(e => Said(data, e))], "and then")}.";
    }

    /// <summary>Whether filling in is beyond chance, and would be noticed if all it takes for granted holds.</summary>
    public static bool IsWorth(Estimate opportunity, ReportData data) =>
        opportunity.Low > 0 && opportunity.High > data.Plan.Study.Margin;

    private static string Said(ReportData data, Estimate e)
    {
        var known = data.Overall(Splits.Explain, Estimands.Coverage, Estimands.Data, e.Feature)!;
        return $"{data.Title(e.Feature)} (not known in {Text.Percent(1 - known.Value)} of the rows; it might gain up to {Text.Number(e.Value)} of AUC, {Text.Interval(e)})";
    }

    // A share of 0 has no interval.
    private static string Share(Estimate? e) =>
        e is null ? "–"
        : e.Value == 0 ? "none"
        : double.IsNaN(e.Low) ? Text.Percent(e.Value)
        : $"{Text.Percent(e.Value)} ({Text.Percent(e.Low)} to {Text.Percent(e.High)})";

    private static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
