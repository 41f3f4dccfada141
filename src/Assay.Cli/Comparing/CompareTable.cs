using System.Globalization;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Comparing;

/// <summary>A comparison as tables, one for each quantity; the explain split, clearest differences first.</summary>
internal static class CompareTable
{
    public static void Write(RunComparison comparison, bool segments, Terminal terminal)
    {
        foreach (var note in comparison.Notes)
            terminal.Out.WriteLine(note);
        var shown = comparison.Differences.Where(d =>
            d.Any.Split == "explain" && (segments || d.Any.Dimension == "overall")
        );
        foreach (
            var table in shown.GroupBy(d => d.Any.Feature.Length == 0 ? "quality" : $"{d.Any.Estimand}, {d.Any.Method}")
        )
        {
            var changed = table.Count(d => Word(d.Verdict) is "grew" or "fell" or "appeared" or "vanished");
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"{table.Key}: {changed} of {table.Count()} changed beyond chance");
            var text = new TextTable("of", "before", "after", "change", "95 % interval", "rank", "verdict").Numbers(
                1,
                2,
                3
            );
            foreach (var d in table.OrderBy(d => double.IsNaN(d.PAdjusted) ? 2 : d.PAdjusted))
                text.Add(
                    Name(d),
                    Number(d.First?.Value),
                    Number(d.Second?.Value),
                    Number(d.Value),
                    double.IsNaN(d.Low) ? "" : $"{Number(d.Low)} … {Number(d.High)}",
                    d.First?.Rank is { } a && d.Second?.Rank is { } b ? (a == b ? $"{a}" : $"{a} → {b}") : "",
                    Word(d.Verdict)
                );
            text.Write(terminal);
        }
    }

    private static string Name(Difference d)
    {
        var name = d.Any.Feature.Length == 0 ? d.Any.Estimand : d.Any.Feature;
        return d.Any.Dimension == "overall" ? name : $"{name} [{d.Any.Dimension}={d.Any.SegmentLabel}]";
    }

    private static string Number(double? value) =>
        value is { } v && !double.IsNaN(v) ? v.ToString("0.####", CultureInfo.InvariantCulture) : "";

    private static string Word(ChangeVerdict verdict) =>
        verdict switch
        {
            ChangeVerdict.Grew => "grew",
            ChangeVerdict.Fell => "fell",
            ChangeVerdict.Appeared => "appeared",
            ChangeVerdict.Vanished => "vanished",
            ChangeVerdict.OnlyInFirst => "only before",
            ChangeVerdict.OnlyInSecond => "only after",
            ChangeVerdict.Undecided => "undecided",
            _ => "no difference",
        };
}
