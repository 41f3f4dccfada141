using System.Text.Json;
using Assay.Studies;

namespace Assay.Cli.Comparing;

/// <summary>A comparison as JSON.</summary>
internal static class CompareJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(RunComparison comparison) =>
        JsonSerializer.Serialize(
            new
            {
                schema = 1,
                comparison.Notes,
                Differences = comparison.Differences.Select(One),
            },
            Options
        );

    private static object One(Difference d) =>
        new
        {
            d.Any.Feature,
            d.Any.Estimand,
            d.Any.Method,
            d.Any.Split,
            d.Any.Dimension,
            d.Any.Segment,
            Verdict = JsonNamingPolicy.SnakeCaseLower.ConvertName(d.Verdict.ToString()),
            First = d.First?.Value,
            Second = d.Second?.Value,
            FirstRank = d.First?.Rank,
            SecondRank = d.Second?.Rank,
            RankChange = d.Rank?.Value,
            RankChangeLow = Number(d.Rank?.Low ?? double.NaN),
            RankChangeHigh = Number(d.Rank?.High ?? double.NaN),
            Difference = Number(d.Value),
            StandardError = Number(d.StandardError),
            RetrainingError = Number(d.RetrainingError),
            DegreesOfFreedom = Number(d.DegreesOfFreedom),
            CiLow = Number(d.Low),
            CiHigh = Number(d.High),
            PValue = Number(d.PValue),
            PAdjusted = Number(d.PAdjusted),
            d.Errors,
        };

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
