using System.Text.Json;

namespace Assay.Server;

/// <summary>A finding as findings.json has it; what is missing there is empty.</summary>
internal sealed record StoredFinding
{
    public required string Id { get; init; }
    public required string Kind { get; init; }
    public required string Feature { get; init; }
    public required IReadOnlyList<string> Features { get; init; }
    public required string DisplayName { get; init; }
    public required string Dimension { get; init; }
    public required string Segment { get; init; }
    public required string SegmentLabel { get; init; }
    public required string Estimand { get; init; }
    public required string Method { get; init; }
    public required string Grade { get; init; }
    public required Num Value { get; init; }

    /// <summary>The five sentences: effect, how_sure, for_whom, what_could_be_wrong, what_to_do.</summary>
    public required JsonElement Sentences { get; init; }

    /// <summary>The whole entry.</summary>
    public required JsonElement Whole { get; init; }

    public string Effect => Sentences.Text("effect") ?? Id;

    public bool IsOverall => Dimension is "overall" or "";

    public static StoredFinding Of(JsonElement e) =>
        new()
        {
            Id = e.Text("id") ?? "",
            Kind = e.Text("kind") ?? "",
            Feature = e.Text("feature") ?? "",
            Features = e.Texts("features"),
            DisplayName = e.Text("display_name") ?? "",
            Dimension = e.Text("dimension") ?? "overall",
            Segment = e.Text("segment") ?? "all",
            SegmentLabel = e.Text("segment_label") ?? "",
            Estimand = e.Text("estimand") ?? "",
            Method = e.Text("method") ?? "",
            Grade = e.Text("grade") ?? "D",
            Value = Num.Of(
                e.Number("value") ?? double.NaN,
                e.At("interval").Number("low") ?? double.NaN,
                e.At("interval").Number("high") ?? double.NaN
            ) with
            {
                P = Rounding.Of(e.At("family").Number("p_adjusted")),
            },
            Sentences = e.At("sentences"),
            Whole = e,
        };
}

/// <summary>An action as actions.json has it.</summary>
internal sealed record StoredAction
{
    public required string Id { get; init; }
    public required string Kind { get; init; }
    public required string Tier { get; init; }
    public required int Rank { get; init; }
    public required string Title { get; init; }
    public required string Grade { get; init; }
    public required IReadOnlyList<string> Features { get; init; }
    public required string Dimension { get; init; }
    public required IReadOnlyList<string> Segments { get; init; }
    public required JsonElement Whole { get; init; }

    public Num? Effect => NumOf(Whole.At("effect"));

    public string? Unit => Whole.At("effect").Text("unit");

    public Money? Money =>
        Whole.At("value") is { ValueKind: JsonValueKind.Object } v && Rounding.Of(v.Number("value")) is { } value
            ? new(value, Rounding.Of(v.Number("low")), Rounding.Of(v.Number("high")), v.Text("unit") ?? "")
            : null;

    public static StoredAction Of(JsonElement e) =>
        new()
        {
            Id = e.Text("id") ?? "",
            Kind = e.Text("kind") ?? "",
            Tier = e.Text("tier") ?? "",
            Rank = e.Whole("rank"),
            Title = e.Text("title") ?? "",
            Grade = e.Text("grade") ?? "D",
            Features = e.At("target").Texts("features"),
            Dimension = e.At("target").Text("dimension") ?? "overall",
            Segments = e.At("target").Texts("segments"),
            Whole = e,
        };

    private static Num? NumOf(JsonElement e) =>
        e.ValueKind == JsonValueKind.Object && e.Number("value") is { } value
            ? Num.Of(value, e.Number("low") ?? double.NaN, e.Number("high") ?? double.NaN)
            : null;
}

/// <summary>An amount of money with its interval.</summary>
internal sealed record Money(double Value, double? Low, double? High, string Unit);
