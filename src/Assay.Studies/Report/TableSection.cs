using System.Text;

namespace Assay.Studies;

/// <summary>Every feature over all rows, for reference.</summary>
internal static class TableSection
{
    public static void Write(StringBuilder text, ReportData data)
    {
        text.Append("## All features\n\n");
        text.Append(
            "Value (95 % interval; p adjusted within the estimand) over the explained rows; positive losses mean the feature matters.\n\n"
        );
        var columns = new List<(string Title, string Estimand, string Method)>();
        foreach (var method in data.Plan.PerRow)
        {
            columns.Add(($"mean |attribution|, {method.Id}", Estimands.MeanAbsAttribution, method.Id));
            columns.Add(($"mean attribution, {method.Id}", Estimands.MeanAttribution, method.Id));
        }
        foreach (var exchange in data.Plan.Exchanges.Where(e => e.Held is null))
            columns.AddRange(
                Estimands.Qualities.Select(q => ($"{q} {Caption(exchange)}", exchange.Estimand + q, exchange.Method))
            );
        if (data.Plan.Lacking.Count > 0)
            columns.Add(("share of rows with the feature", Estimands.Coverage, Estimands.Data));
        if (data.Plan.Exchanges.FirstOrDefault(e => e.Donors == DonorKind.Present) is { } present)
            columns.Add(("opportunity: auc × share without it", Estimands.Opportunity + Estimands.Auc, present.Method));
        if (data.Plan.Exchanges.FirstOrDefault(e => e.Donors == DonorKind.Conditional) is { } conditional)
            columns.AddRange([
                ("explained by the others", Estimands.ConditionalFit, conditional.Method),
                ("AUC of real against drawn", Estimands.ConditionalCheck, conditional.Method),
                ("share changed by the draw", Estimands.ConditionalMoved, conditional.Method),
            ]);
        if (data.Plan.HasSage)
            columns.Add(("logloss saved (SAGE)", Estimands.Sage, Exchange.Sage));
        var names = data.Plan.Units;
        text.Append(
            Text.Table(
                ["feature", .. columns.Select(c => c.Title)],
                names.Select(n =>
                    (IReadOnlyList<string>)
                        [
                            data.Title(n),
                            .. columns.Select(c => Cell(data.Overall(Splits.Explain, c.Estimand, c.Method, n))),
                        ]
                )
            )
        );
        var over = new FeatureNames(data.Plan) is { SecondUnits: { } second } units
            ? $"that draws {units.Units} and {second}, so they cover other {units.Units} and other {second}"
            : "over clusters";
        text.Append(
            $"\nIntervals are Student's t around the value, with standard errors of a Poisson bootstrap {over}. Every number of every segment and split is in `estimates.parquet`; "
                + "how it was made is in `run.json`.\n"
        );
    }

    private static string Caption(Exchange exchange) =>
        exchange switch
        {
            { FirstOrder: true } => "lost to first order",
            { Donors: DonorKind.Conditional } => "lost when drawn given the others",
            { Donors: DonorKind.Present } => "lost where present",
            _ => "lost when permuted",
        };

    private static string Cell(Estimate? e) =>
        e is null ? "–"
        : double.IsNaN(e.PAdjusted) ? Text.WithInterval(e)
        : $"{Text.WithInterval(e)}; p {(e.PAdjusted < 0.001 ? "< 0.001" : Text.Number(e.PAdjusted))}";
}
