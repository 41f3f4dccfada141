using System.Globalization;
using Assay.Studies;

namespace Assay.Cli.Output;

/// <summary>What a finished study says on the terminal; everything else is in its folder.</summary>
internal static class StudySummary
{
    private const int Top = 10;

    public static void Write(StudyResult result, Terminal terminal)
    {
        var to = terminal.Out;
        WriteVerdict(result.Verdict, to);
        var strongest = Strongest(result, Top);
        if (strongest.Count > 0)
        {
            to.WriteLine();
            to.WriteLine($"Strongest of {result.Head} by {strongest[0].Estimand} ({strongest[0].Method})");
            var table = new TextTable("feature", "value", "95 % interval", "replicated").Numbers(1, 2);
            foreach (var e in strongest)
                table.Add(e.Feature, Number(e.Value), $"{Number(e.Low)} … {Number(e.High)}", e.Replicated);
            table.Write(terminal);
        }
        to.WriteLine();
        to.WriteLine($"Report    {Path.Combine(result.Folder, "report.md")}");
        to.WriteLine($"Estimates {Path.Combine(result.Folder, "estimates.parquet")}");
        to.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.RowsWorkedOn} rows worked on in {result.Timings.Values.Sum():F1} s"
            )
        );
    }

    /// <summary>A flagged model is said first, before any importance.</summary>
    public static void WriteVerdict(Verdict verdict, TextWriter to)
    {
        if (verdict.LearntNothing)
            to.WriteLine(Verdict.NothingLearnt);
        else
            to.WriteLine("The model beats every trivial rule on every split.");
        foreach (var reason in verdict.Reasons)
            to.WriteLine($"  {reason}");
    }

    /// <summary>Four decimals; what rounds to nothing has no sign.</summary>
    public static string Number(double value) =>
        (Math.Round(value, 4) + 0.0).ToString("0.0000", CultureInfo.InvariantCulture);

    // The quality lost under permutation where it was measured, else the mean size of attributions.
    private static IReadOnlyList<Estimate> Strongest(StudyResult result, int count)
    {
        var overall = result
            .Estimates.Where(e => e is { Split: "explain", Dimension: "overall", Feature.Length: > 0, Status: "ok" })
            .ToArray();
        var lost = overall.Where(e => e.Estimand == Estimands.Permutation + Estimands.Auc).ToArray();
        var chosen = lost.Length > 0 ? lost : [.. overall.Where(e => e.Estimand == Estimands.MeanAbsAttribution)];
        return
        [
            .. chosen
                .Where(e => e.Method == chosen[0].Method)
                .OrderByDescending(e => e.Value)
                .ThenBy(e => e.Feature, StringComparer.Ordinal)
                .Take(count),
        ];
    }
}
