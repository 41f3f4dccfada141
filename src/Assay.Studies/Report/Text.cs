using System.Globalization;

namespace Assay.Studies;

/// <summary>Numbers and tables as a report writes them.</summary>
internal static class Text
{
    public static string Number(double value) =>
        double.IsNaN(value) ? "–"
        : value == 0 ? "0"
        : Math.Abs(value) >= 100 ? value.ToString("N0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 0.001 ? value.ToString("0.0000", CultureInfo.InvariantCulture)
        : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A share for readers who skim: whole per cents from ten on.</summary>
    public static string Rough(double share) =>
        (100 * share).ToString(Math.Abs(share) >= 0.0995 ? "0" : "0.0", CultureInfo.InvariantCulture);

    public static string Interval(Estimate e) =>
        double.IsNaN(e.Low) ? "no interval" : $"{Number(e.Low)} to {Number(e.High)}";

    /// <summary>Value and interval in one cell.</summary>
    public static string WithInterval(Estimate? e) => e is null ? "–" : $"{Number(e.Value)} ({Interval(e)})";

    public static string Rank(Estimate e) =>
        e.Rank is null ? "–"
        : e.RankLow == e.RankHigh ? $"{e.Rank}"
        : $"{e.Rank} ({e.RankLow}–{e.RankHigh})";

    public static string Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = new List<string> { Line(header), Line([.. header.Select(_ => "---")]) };
        lines.AddRange(rows.Select(Line));
        return string.Join('\n', lines) + "\n";
    }

    public static string List(IReadOnlyList<string> items, string and = "and") =>
        items.Count switch
        {
            0 => "none",
            1 => items[0],
            _ => string.Join(", ", items.Take(items.Count - 1)) + $" {and} " + items[^1],
        };

    private static string Line(IReadOnlyList<string> cells) =>
        "| " + string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))) + " |";
}
