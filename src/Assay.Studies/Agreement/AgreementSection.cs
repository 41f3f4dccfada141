using System.Globalization;
using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on the agreement of methods.</summary>
internal static class AgreementSection
{
    public static string Write(
        ChainContext context,
        IReadOnlyList<Estimate> estimates,
        IReadOnlyList<Disagreement> found,
        int top
    )
    {
        var own = estimates.Where(e => e.Split == Splits.Explain).ToArray();
        if (own.Length == 0)
            return "";
        var text = new StringBuilder("## Do the methods agree?\n\n");
        Global(text, own, top, context.Plan.Features.Count);
        Disagreeing(text, context, found);
        Rows(text, own, top);
        return text.ToString();
    }

    /// <summary>A place in words for a table: "2nd"; mean places of equal features as "2.5th".</summary>
    public static string Place(double place)
    {
        var number = place.ToString("0.#", CultureInfo.InvariantCulture);
        var teen = place % 100 is >= 11 and <= 13;
        return number
            + (
                teen ? "th"
                : place % 10 == 1 ? "st"
                : place % 10 == 2 ? "nd"
                : place % 10 == 3 ? "rd"
                : "th"
            );
    }

    private static void Global(StringBuilder text, Estimate[] own, int top, int features)
    {
        var pairs = own.Where(e => e.Estimand == Estimands.AgreementRank).Select(e => e.Method).ToArray();
        if (pairs.Length == 0)
            return;
        Estimate? Find(string estimand, string pair) =>
            own.FirstOrDefault(e => e.Estimand == estimand && e.Method == pair);
        text.Append("Order of the features over all rows; 95 % intervals over clusters:\n\n");
        text.Append(
            Text.Table(
                ["methods", "Kendall's tau", "rank-biased overlap", $"share of the first {top} in common"],
                pairs.Select(p =>
                    (IReadOnlyList<string>)
                        [
                            p.Replace("~", " and ", StringComparison.Ordinal),
                            Text.WithInterval(Find(Estimands.AgreementRank, p)),
                            Text.WithInterval(Find(Estimands.AgreementOverlap, p)),
                            Text.WithInterval(Find(Estimands.AgreementTop, p)),
                        ]
                )
            )
        );
        text.Append(
            $"\nOrders that have nothing to do with each other have a tau of 0 and share {Text.Percent((double)top / features)} of the first {top}. "
                + "Attributions say what the model uses, permutation what it loses without a feature, conditional permutation what it loses "
                + "beyond what the other features know: these may differ and all be right.\n\n"
        );
    }

    private static void Disagreeing(StringBuilder text, ChainContext context, IReadOnlyList<Disagreement> found)
    {
        var features = context.Plan.Features;
        var far = RankingPair.Unrelated(features.Count).ToString("0.0", CultureInfo.InvariantCulture);
        var rule =
            $"{far} places or more apart, as far as in unrelated orders on average, beyond chance, and in the better half by one of them";
        if (found.Count == 0)
        {
            text.Append($"On no feature do two methods differ grossly ({rule}).\n\n");
            return;
        }
        text.Append($"Features that two methods place grossly apart ({rule}):\n\n");
        text.Append(
            Text.Table(
                ["feature", "place", "by", "place", "by", "grade"],
                found
                    .OrderByDescending(d => d.Pair.Binding)
                    .ThenByDescending(d => Math.Abs(d.First - d.Second))
                    .Select(d =>
                        (IReadOnlyList<string>)
                            [
                                features[d.Feature].Entry.Title,
                                Place(d.First),
                                d.Pair.First.Method,
                                Place(d.Second),
                                d.Pair.Second.Method,
                                d.Pair.Binding ? "at most C" : "as it is: they answer different questions",
                            ]
                    )
            )
        );
        text.Append('\n');
    }

    private static void Rows(StringBuilder text, Estimate[] own, int top)
    {
        var rows = own.Where(e => e.Estimand.StartsWith(Estimands.RowAgreement, StringComparison.Ordinal)).ToArray();
        if (rows.Length == 0)
            return;
        text.Append(
            $"Row by row (means over rows; the first {top} features of each row, rank correlation and pairs over all features):\n\n"
        );
        text.Append(
            Text.Table(
                [
                    "methods",
                    "same features",
                    "same places",
                    "same signs",
                    "same places and signs",
                    "rank correlation",
                    "pairs in the same order",
                ],
                rows.GroupBy(e => e.Method)
                    .Select(g =>
                        (IReadOnlyList<string>)
                            [
                                g.Key.Replace("~", " and ", StringComparison.Ordinal),
                                .. RowAgreement.Measures.Select(m =>
                                    Text.WithInterval(g.First(e => e.Estimand == Estimands.RowAgreement + m))
                                ),
                            ]
                    )
            )
        );
        text.Append('\n');
    }
}
