using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on crosses.</summary>
internal static class CrossSection
{
    private const int Shown = 10;

    public static string Write(
        ChainContext context,
        CrossScan scan,
        IReadOnlyList<Estimate> scanned,
        IReadOnlyList<Estimate> missing,
        IReadOnlyList<Estimate> tried
    )
    {
        var text = new StringBuilder("## Crosses worth adding\n\n");
        text.Append(
            $"Of {Text.Count(scanned.Count)} pairs of features, {(missing.Count == 0 ? "none leaves" : missing.Count == 1 ? "one leaves" : $"{missing.Count} leave")} a pattern in the model's errors that the pair would explain and each of its features by itself would not (5 % false discoveries, {Text.Count(scan.Rows)} rows)."
        );
        if (scan.Left.Count > 0)
            text.Append($" Not looked at: {Text.List([.. scan.Left])} (lists, vectors, or without a vocabulary size).");
        text.Append("\n\n");
        if (missing.Count > 0)
        {
            text.Append(
                Text.Table(
                    ["pair", "logloss it should save", "adjusted p"],
                    missing
                        .Take(Shown)
                        .Select(e => (IReadOnlyList<string>)[e.Feature, Text.Number(e.Value), Text.Number(e.PAdjusted)])
                )
            );
            if (missing.Count > Shown)
                text.Append(
                    $"\nand {missing.Count - Shown} more in `estimates.parquet` (`{CrossEstimands.Missing}`).\n"
                );
            text.Append('\n');
        }
        if (tried.Count == 0)
            return text.Append(
                    missing.Count > 0 && context.Study.Retrain is null
                        ? "To add them to the network and measure what they gain, name the training rows (`retrain:`).\n\n"
                        : ""
                )
                .ToString();
        text.Append("Added to the network and fitted; gains are positive where the cross helps.\n\n");
        text.Append(
            Text.Table(
                ["pair", "fitted", "rows", "AUC gained (95 %)", "logloss saved (95 %)"],
                tried
                    .GroupBy(e => (e.Feature, e.Method, e.Split))
                    .Select(g =>
                        (IReadOnlyList<string>)
                            [
                                g.Key.Feature,
                                g.Key.Method == CrossEstimands.Table
                                    ? "the cross alone"
                                    : $"the whole network, {context.Study.Retrain!.Seeds} seeds",
                                g.Key.Split,
                                Text.WithInterval(Of(g, Estimands.Auc)),
                                Text.WithInterval(Of(g, Estimands.LogLoss)),
                            ]
                    )
            )
        );
        text.Append(
            "\nA cross that helps on the holdout only as *the cross alone* is already learnt by a network fitted longer or otherwise. Networks with the cross are in `crosses/`.\n\n"
        );
        return text.ToString();
    }

    private static Estimate? Of(IEnumerable<Estimate> rows, string quality) =>
        rows.FirstOrDefault(e => e.Estimand == CrossEstimands.Gain + quality);
}
