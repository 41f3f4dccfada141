using System.Globalization;
using Assay.Attribution.Interactions;
using Assay.Cli.Output;

namespace Assay.Cli.Interactions;

/// <summary>For people: where the numbers come from, the strongest sets, and what they suggest.</summary>
internal sealed class InteractionsTable(InteractionsRequest request, InteractionExplainer explainer, Terminal terminal)
    : InteractionsWriter(request, explainer, terminal)
{
    public override void Write(InteractionRanking ranking) =>
        To(to =>
        {
            to.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Explainer.Method.Id}{Index()} of {Explainer.Head}, {ranking.Rows} rows in {ranking.Clusters} clusters{Spent(ranking)}: {ranking.Estimand}"
                )
            );
            to.Out.WriteLine();
            Table(ranking).Write(to);
            if (ranking.Interactions.Count - Request.Top is > 0 and var more)
                to.Out.WriteLine($"{more} more sets; --top 0 shows all.");
            if (ranking.Test is not { } test)
                return;
            to.Out.WriteLine();
            to.Out.WriteLine($"Null hypothesis: {test}.");
            var crosses = ranking.Crosses.Take(Request.Top).Select(c => Title(c.Players)).ToArray();
            to.Out.WriteLine(
                crosses.Length == 0
                    ? "No cross is worth trying."
                    : $"Crosses worth trying: {string.Join(", ", crosses)}."
            );
        });

    private string Index() => Explainer.Method.Id == "shapley-interactions" ? $" ({Request.Settings.Index})" : "";

    private static string Spent(InteractionRanking ranking) =>
        ranking.Evaluations > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {ranking.Evaluations} evaluations")
            : "";

    private TextTable Table(InteractionRanking ranking)
    {
        var (mean, share, test) = (
            ranking.Interactions.Any(i => !double.IsNaN(i.Mean)),
            ranking.Interactions.Any(i => !double.IsNaN(i.Share)),
            ranking.Test is not null
        );
        List<string> headings = ["features", "value", "interval"];
        if (mean)
            headings.Add("mean");
        if (share)
            headings.Add("share");
        if (test)
            headings.AddRange(["p, adjusted", ""]);
        var table = new TextTable([.. headings]).Numbers(1, 2, 3);
        foreach (var found in ranking.Interactions.Take(Request.Top))
        {
            List<string> cells =
            [
                Title(found.Players),
                Number(found.Value),
                found.Interval.IsDefined ? $"{Number(found.Interval.Low)} to {Number(found.Interval.High)}" : "–",
            ];
            if (mean)
                cells.Add(Number(found.Mean));
            if (share)
                cells.Add(found.Share.ToString("P2", CultureInfo.InvariantCulture));
            if (test)
                cells.AddRange([P(found.PAdjusted), found.Discovered ? "discovered" : ""]);
            table.Add([.. cells]);
        }
        return table;
    }

    private string Title(IReadOnlyList<int> set) =>
        set.Count == 1 ? $"{Names(set)[0]} × all others" : string.Join(" × ", Names(set));

    private static string P(double p) => p < 1e-4 ? "< 0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsNaN(value)
            ? "–"
            : value.ToString(Math.Abs(value) is 0 or >= 1e-3 ? "0.0000" : "0.00e+0", CultureInfo.InvariantCulture);
}
