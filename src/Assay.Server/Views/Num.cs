using System.Globalization;
using System.Text.Json.Serialization;

namespace Assay.Server;

/// <summary>A number with its 95 % interval, rounded to four significant digits; null where there is none.</summary>
/// <param name="Value">The value.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
internal sealed record Num(double? Value, double? Low, double? High)
{
    /// <summary>The p-value, adjusted over its family where it is; absent where nothing is tested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? P { get; init; }

    /// <summary>Rank and the ends of its 95 % interval; absent where nothing is ranked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int?[]? Rank { get; init; }

    public static Num Of(double value, double low, double high) =>
        new(Rounding.Of(value), Rounding.Of(low), Rounding.Of(high));

    public static Num? Of(EstimateCell? cell) =>
        cell is not { } c || double.IsNaN(c.Value)
            ? null
            : Of(c.Value, c.Low, c.High) with
            {
                P = Rounding.Of(double.IsNaN(c.PAdjusted) ? c.PValue : c.PAdjusted),
                Rank = c.Rank > 0 ? [c.Rank, Some(c.RankLow), Some(c.RankHigh)] : null,
            };

    /// <summary>The same without rank: for tables that many cells share.</summary>
    public static Num? Bare(EstimateCell? cell) => Of(cell) is { } num ? num with { Rank = null } : null;

    private static int? Some(int rank) => rank > 0 ? rank : null;
}

/// <summary>A thing and what people call it.</summary>
internal sealed record Ref(string Id, string Label);

/// <summary>One page of a list.</summary>
internal sealed record Paged<T>(IReadOnlyList<T> Items, int Total, int Page, int PageSize);

/// <summary>What a document leaves out to stay small, and the query that brings the rest.</summary>
internal sealed record Truncated(int Shown, int Of, string Ask);

/// <summary>Four significant digits, so that a document is as small as what a reader can use.</summary>
internal static class Rounding
{
    public static double? Of(double? value) => value is { } v ? Of(v) : null;

    public static double? Of(double value)
    {
        if (!double.IsFinite(value))
            return null;
        // Through decimal digits: what a reader sees has no seventeenth digit.
        return value == 0
            ? 0
            : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
