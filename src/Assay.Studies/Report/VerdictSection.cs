using System.Text;

namespace Assay.Studies;

/// <summary>Does the model know more than trivial rules? Comes before any importance.</summary>
internal static class VerdictSection
{
    public static void Write(StringBuilder text, ReportData data)
    {
        text.Append("## Has the model learnt anything?\n\n");
        if (data.Verdict.LearntNothing)
        {
            text.Append($"> **{Verdict.NothingLearnt}** Grade D.\n>\n");
            foreach (var reason in data.Verdict.Reasons)
                text.Append($"> - {reason}\n");
            text.Append('\n');
        }
        else
            text.Append(
                "Yes: it beats every trivial rule below, on every split. What follows describes this fixed model, so no finding "
                    + $"has more than grade {data.Verdict.Grade}.\n\n"
            );
        text.Append(
            Text.Table(
                [
                    "rows",
                    "model or rule",
                    "AUC",
                    "logloss",
                    "GAUC",
                    "NDCG@10",
                    "the model's advantage in AUC (95 % interval)",
                ],
                data.Plan.Splits.SelectMany(s => Rows(data, s.Name))
            )
        );
        text.Append('\n');
        foreach (var split in data.Plan.Splits.Select(s => s.Name))
            LogLossWarning(text, data, split);
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ReportData data, string split)
    {
        yield return Row(data, split, "model", "**the model**", "");
        foreach (var (method, title) in data.Merged.FloorTitles)
            if (data.Overall(split, Estimands.Auc + Estimands.OverFloor, method) is { } advantage)
                yield return Row(data, split, method, title, Text.WithInterval(advantage));
    }

    private static string[] Row(ReportData data, string split, string method, string title, string advantage) =>
        [
            split,
            title,
            .. Estimands.Qualities.Select(q => Text.Number(data.Overall(split, q, method)?.Value ?? double.NaN)),
            advantage,
        ];

    private static void LogLossWarning(StringBuilder text, ReportData data, string split)
    {
        var advantage = data.Overall(split, Estimands.LogLoss + Estimands.OverFloor, "floor:global-rate");
        if (advantage is { High: < 0 })
            text.Append(
                $"Its probabilities on the {split} rows are worse than always saying the global rate: logloss higher by "
                    + $"{Text.Number(-advantage.Value)}. Recalibrate before using them as probabilities.\n\n"
            );
        if (data.Overall(split, Estimands.CalibrationError, "model") is { } error)
            text.Append(
                $"Calibration error (root mean square over bins, less their noise) on the {split} rows: {Text.WithInterval(error)}.\n\n"
            );
    }
}
