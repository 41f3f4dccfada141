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
            var changed = table.Count(d =>
                d.Verdict
                    is ChangeVerdict.Grew
                        or ChangeVerdict.Fell
                        or ChangeVerdict.Appeared
                        or ChangeVerdict.Vanished
            );
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
                    Rank(d),
                    Word(d)
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

    private static string Rank(Difference d)
    {
        if (d.First?.Rank is not { } a || d.Second?.Rank is not { } b)
            return "";
        var change = a == b ? $"{a}" : $"{a} → {b}";
        return d.Rank is { } r && !double.IsNaN(r.Low)
            ? FormattableString.Invariant($"{change} ({r.Low:+0;-0;0} … {r.High:+0;-0;0})")
            : change;
    }

    // A mean with a sign that grows from −0.2 to 0 would be misread.
    private static string Word(Difference d) =>
        d.Verdict switch
        {
            ChangeVerdict.Grew when d.Any.Estimand == "mean_attribution" => "moved up",
            ChangeVerdict.Fell when d.Any.Estimand == "mean_attribution" => "moved down",
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
