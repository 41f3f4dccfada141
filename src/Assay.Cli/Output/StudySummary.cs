using System.Globalization;
using Assay.Studies;

namespace Assay.Cli.Output;

/// <summary>What a finished study says on the terminal; everything else is in its folder.</summary>
internal static class StudySummary
{
    private const int Top = 10;
    private const int Said = 4;

    public static void Write(StudyResult result, Terminal terminal)
    {
        var to = terminal.Out;
        WriteVerdict(result.Verdict, to);
        WriteSays(result, to);
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

    /// <summary>What may be acted on, in sentences, and what to do first.</summary>
    public static void WriteSays(StudyResult result, TextWriter to)
    {
        Finding[] said =
        [
            .. result
                .Findings.Where(f => f is { Kind: FindingKind.SegmentLeaders, Grade: <= Grade.B })
                .Concat(
                    result
                        .Findings.Where(f => f is { Kind: FindingKind.FeatureMatters, Grade: <= Grade.B })
                        .OrderByDescending(f => f.Value)
                        .Take(Said)
                ),
        ];
        var first = result.Actions.FirstOrDefault(a => a.Tier < ActionTier.Evidence);
        if (said.Length == 0 && first is null)
            return;
        to.WriteLine();
        to.WriteLine("What the study says (A proven by experiment, B well supported; the rest is in the report)");
        foreach (var f in said)
            to.WriteLine($"  {f.Grade}  {f.Sentences.Effect}");
        if (first is not null)
            to.WriteLine($"  To do first: {first.Title}. {first.First}");
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
