using System.Globalization;
using Assay.Studies;

namespace Assay.Server;

/// <summary>Numbers inside sentences, rounded as a person would.</summary>
internal static class Say
{
    /// <summary>Two significant digits, three from a tenth on, thousands with commas.</summary>
    public static string Number(double value) => Number(value, Places(value));

    /// <summary>"0.031 of AUC, 0.024 to 0.038"; the interval's ends have the value's decimals.</summary>
    public static string WithInterval(Num num, string unit)
    {
        if (num.Value is not { } value)
            return "not measured";
        var places = Places(value);
        if (num is { Low: { } low, High: { } high } && low < high)
            places = Math.Max(places, Math.Min(Places(high - low) - 1, 6));
        var text = unit == "share" ? Text.Percent(value) : Amount(Number(value, places), unit);
        return num is { Low: { } l, High: { } h }
            ? unit == "share"
                ? $"{text}, {Text.Percent(l)} to {Text.Percent(h)}"
                : $"{text}, {Number(l, places)} to {Number(h, places)}"
            : text;
    }

    public static string Amount(string number, string unit) =>
        unit switch
        {
            "" => number,
            "AUC" or "log loss" or "AUC in lists" or "NDCG@10" => $"{number} of {unit}",
            "logit" => $"{number} on the scale of the score",
            _ => $"{number} {unit}",
        };

    /// <summary>"3 of 4 regions" needs no article; a list of names reads "a, b and c".</summary>
    public static string List(IEnumerable<string> items, int most = 3)
    {
        var all = items.ToList();
        if (all.Count > most + 1)
            all = [.. all.Take(most), $"{all.Count - most} more"];
        return Text.List(all);
    }

    public static string First(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Number(double value, int places) =>
        Math.Abs(value) >= 100
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : (Math.Round(value, places) + 0.0).ToString($"0.{new string('0', places)}", CultureInfo.InvariantCulture);

    private static int Places(double value)
    {
        var size = Math.Abs(value);
        if (size == 0 || !double.IsFinite(size))
            return 0;
        var digits = size is >= 0.1 and < 10 ? 3 : 2;
        return Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 6);
    }
}
