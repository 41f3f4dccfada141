using System.Globalization;
using Assay.Tests;

namespace Assay.Gradients.Tests;

/// <summary>The worst relative errors of each operator over its cases: measured, and as recorded in a file.</summary>
internal static class WorstErrors
{
    private static string File => Checkout.Path("tests", "Assay.Gradients.Tests", "worst-errors.tsv");

    /// <summary>Measures; NaN for a second order that no case claims.</summary>
    public static IReadOnlyDictionary<string, (double First, double Second)> Measure() =>
        RuleTests
            .All.GroupBy(c => c.Operator)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g =>
                    (
                        g.Max(c => CaseCheck.Run(c).First),
                        g.Any(c => c.Order > 1) ? g.Max(c => CaseCheck.Run(c).Second) : double.NaN
                    )
            );

    /// <summary>What is recorded; measured anew and written first where ASSAY_UPDATE_DOCS is 1.</summary>
    public static IReadOnlyDictionary<string, (double First, double Second)> Recorded()
    {
        if (Environment.GetEnvironmentVariable("ASSAY_UPDATE_DOCS") == "1")
        {
            var lines = Measure().Select(m => $"{m.Key}\t{Text(m.Value.First)}\t{Text(m.Value.Second)}\n");
            System.IO.File.WriteAllText(File, string.Concat(lines));
        }
        return Checkout
            .Text(File)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split('\t'))
            .ToDictionary(f => f[0], f => (Number(f[1]), Number(f[2])));
    }

    private static string Text(double error) => error.ToString("0e-0", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
