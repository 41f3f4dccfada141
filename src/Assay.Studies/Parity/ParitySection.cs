using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on parity of training and explained rows.</summary>
internal static class ParitySection
{
    private const int MostRows = 8;
    private const int MostSegments = 6;

    public static string Write(ChainContext context, TrainingTable rows, ParityFindings found)
    {
        var names = new FeatureNames(context.Plan);
        var text = new StringBuilder("## Is the explained data like the training data?\n\n");
        var drifted = found.Drifted().ToArray();
        var all = found.Overall.ToArray();
        text.Append($"**{Sentence(found, drifted, all.Length, names)}**\n\n");
        text.Append(
            Text.Table(
                [
                    "feature",
                    "stability index beyond noise (95 %)",
                    "adjusted p",
                    "missing or unknown, here (training)",
                    "ids new to the model",
                    "mean moved, in sd",
                    .. context.Splits.Count > 1 ? (string[])["on the holdout"] : [],
                ],
                all.Take(MostRows)
                    .Select(d =>
                        (IReadOnlyList<string>)
                            [
                                names.Title(d.Feature) + (d.Cell.Part.Length > 0 ? $" ({d.Cell.Part})" : ""),
                                Text.WithInterval(d.Psi),
                                Text.Number(d.Psi.PAdjusted),
                                d.Missing is null
                                    ? "never"
                                    : $"{Text.Percent(d.Cell.Missing.Rows)} ({Text.Percent(d.Cell.Missing.Training)})",
                                d.Unseen is null ? "–" : Text.Percent(d.Unseen.Value),
                                d.Shift is null ? "–" : Text.Number(d.Shift.Value),
                                .. context.Splits.Count > 1 ? (string[])[d.Psi.Replicated] : [],
                            ]
                    )
            )
        );
        if (all.Length > MostRows)
            text.Append(
                $"\nThe other {all.Length - MostRows} features have an index of at most {Text.Number(all[MostRows].Psi.Value)}.\n"
            );
        Segments(text, found, names);
        Method(text, context, rows, found, names);
        return text.Append('\n').ToString();
    }

    /// <summary>The whole in a sentence for the card.</summary>
    public static string InOneLine(ParityFindings found, long rows)
    {
        var drifted = found.Drifted().ToArray();
        var much = found.Drifted(found.Limits.Alarm).Count();
        return $"compared with {Text.Count(rows)} training rows, {drifted.Length} of {found.Overall.Count()} features differ by a stability index "
            + $"above {Text.Number(found.Limits.Warn)}"
            + (drifted.Length == 0 ? "" : $", {much} of them above {Text.Number(found.Limits.Alarm)}");
    }

    private static string Sentence(ParityFindings found, FeatureDrift[] drifted, int all, FeatureNames names)
    {
        if (drifted.Length == 0)
            return $"Yes, as far as can be seen: none of the {all} features differs from training by more than is usual.";
        string[] titles = [.. drifted.Take(4).Select(d => names.Title(d.Feature))];
        var more = drifted.Length > titles.Length ? $" and {drifted.Length - titles.Length} more" : "";
        var much = drifted.Count(d => d.Psi.Value > found.Limits.Alarm);
        return $"Not in {drifted.Length} of {all} features: {(more.Length > 0 ? string.Join(", ", titles) + more : Text.List(titles))} "
            + $"{(drifted.Length == 1 ? "differs" : "differ")} from training"
            + (
                much == 0 ? "."
                : much == drifted.Length ? " by much."
                : $", {(much == 1 ? "one" : $"{much}")} by much."
            );
    }

    private static void Segments(StringBuilder text, ParityFindings found, FeatureNames names)
    {
        var segments = found.InSegments.ToArray();
        if (segments.Length == 0)
            return;
        text.Append("\nIn some segments only:\n\n");
        foreach (var d in segments.Take(MostSegments))
            text.Append(
                $"- {names.Title(d.Feature)} where {names.Dimension(d.Psi.Dimension)} is {d.Psi.SegmentLabel}: stability index "
                    + $"{Text.WithInterval(d.Psi)}{d.MissingClause}{d.UnseenClause}\n"
            );
        if (segments.Length > MostSegments)
            text.Append(
                $"- … and {segments.Length - MostSegments} more in `estimates.parquet` (`{Estimands.ParityPsi}`).\n"
            );
    }

    private static void Method(
        StringBuilder text,
        ChainContext context,
        TrainingTable rows,
        ParityFindings found,
        FeatureNames names
    )
    {
        var noise = found.Overall.Select(d => d.Cell.Noise).DefaultIfEmpty(0).Max();
        text.Append(
            $"\nCompared with {Text.Count(rows.Count)} training rows"
                + (
                    rows.HasClusters
                        ? $" of {Text.Count(rows.Clusters)} {names.Units}. Intervals and p-values let {names.Units} vary on both sides, those on both as one"
                        : $". They do not have `{context.Study.Cluster}`, so {names.Units} vary in the explained rows only and training rows count as independent: "
                            + "intervals are too narrow where they are not"
                )
                + $". The index is the population stability index less what it would be without any drift (at most {Text.Number(noise)} here); "
                + $"by custom above {Text.Number(found.Limits.Warn)} is some drift and above {Text.Number(found.Limits.Alarm)} much.\n"
        );
        if (rows.Missing.Count > 0)
            text.Append($"Not compared by {Text.List([.. rows.Missing])}: the training rows lack a column for it.\n");
    }
}
