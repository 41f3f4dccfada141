using System.Globalization;
using System.Text.Json;

namespace Assay.Server;

/// <summary>A feature whose effect was measured.</summary>
internal sealed record EffectHead(string Name, string Title, IReadOnlyList<string> Kinds);

/// <summary>The features whose effects were measured; with none, what to add to study.yaml.</summary>
internal sealed record EffectsList(IReadOnlyList<EffectHead> Features, string? What);

/// <summary>A value of the feature; a category by its id.</summary>
internal sealed record EffectPoint(object? At, string Label);

/// <summary>The same curve in one segment.</summary>
internal sealed record EffectSegmentCurve(
    string Id,
    string Label,
    IReadOnlyList<Num?>? Pdp,
    IReadOnlyList<Num?>? Ale,
    IReadOnlyList<bool> Supported
);

/// <summary>How the score goes with one feature.</summary>
internal sealed record FeatureEffectDocument
{
    public required string Feature { get; init; }
    public required string Title { get; init; }
    public required string Sentence { get; init; }
    public required string Unit { get; init; }
    public required bool IsNumeric { get; init; }
    public required IReadOnlyList<EffectPoint> Grid { get; init; }

    /// <summary>Share of the rows nearest to each point.</summary>
    public required IReadOnlyList<double?> Density { get; init; }
    public IReadOnlyList<Num?>? Pdp { get; init; }
    public IReadOnlyList<Num?>? Ale { get; init; }

    /// <summary>Whether rows are there to stand on; where not, the curve is a guess and is masked.</summary>
    public required IReadOnlyList<bool> Supported { get; init; }
    public required IReadOnlyList<EffectSegmentCurve> Segments { get; init; }

    /// <summary>The dimension of the segments, in words.</summary>
    public string? Dimension { get; init; }
    public required string What { get; init; }
}

/// <summary>Partial dependence and accumulated local effects, from effects.json.</summary>
internal static class EffectsView
{
    private static readonly string[] Curves = ["ale", "pdp"];
    private const string Ask = "This study measured no effects; add 'effects: true' to study.yaml and run it again.";

    public static EffectsList List(RunFolder run) =>
        new(
            [
                .. run
                    .Effects.Each("features")
                    .Select(f => new EffectHead(
                        f.Text("name") ?? "",
                        Title(run, f),
                        [.. Curves.Where(k => f.At(k).ValueKind == JsonValueKind.Object)]
                    )),
            ],
            run.Effects.ValueKind == JsonValueKind.Undefined ? Ask : run.Effects.Text("reason")
        );

    public static FeatureEffectDocument? Of(RunFolder run, string feature, string? segment = null)
    {
        var entry = run.Effects.Each("features").FirstOrDefault(f => f.Text("name") == feature);
        if (entry.ValueKind != JsonValueKind.Object)
            return null;
        EffectPoint[] grid =
        [
            .. entry.Each("grid").Select(p => new EffectPoint(At(p.At("at")), p.Text("label") ?? "")),
        ];
        var unit = run.Effects.Text("unit") ?? "log-odds";
        var supported = Flags(entry, "supported");
        return new()
        {
            Feature = feature,
            Title = Title(run, entry),
            Sentence = Sentence(Title(run, entry), entry, grid, supported, unit),
            Unit = unit,
            IsNumeric = entry.Flag("is_numeric") ?? false,
            Grid = grid,
            Density =
            [
                .. entry
                    .Each("density")
                    .Select(d => d.ValueKind == JsonValueKind.Number ? Rounding.Of(d.GetDouble()) : null),
            ],
            Pdp = Curve(entry.At("pdp")),
            Ale = Curve(entry.At("ale")),
            Supported = supported,
            Segments =
            [
                .. entry
                    .Each("segments")
                    .Where(s => segment is null || s.Text("name") == segment)
                    .Select(s => new EffectSegmentCurve(
                        s.Text("name") ?? "",
                        s.Text("label") ?? "",
                        Curve(s.At("pdp")),
                        Curve(s.At("ale")),
                        Flags(s, "supported")
                    )),
            ],
            Dimension = run.Effects.Text("dimension") is { } dimension ? run.Names.DimensionTitle(dimension) : null,
            What =
                "How much higher or lower the model scores at a value than at its average over the rows, all else as it is (partial dependence) or moved a little from where rows are (accumulated local effects). Where few rows are, the curve is a guess.",
        };
    }

    // From where it is lowest to where it is highest, over the values that rows have.
    private static string Sentence(string title, JsonElement entry, EffectPoint[] grid, bool[] supported, string unit)
    {
        var curve = Curve(entry.At("ale")) ?? Curve(entry.At("pdp")) ?? [];
        var points = grid.Zip(curve)
            .Where((p, i) => p.Second is not null && (i >= supported.Length || supported[i]))
            .ToArray();
        if (points.Length < 2)
            return $"Too few rows stand behind the values of {title} to say how the score goes with it.";
        var high = points.MaxBy(p => p.Second!.Value ?? double.MinValue);
        var low = points.MinBy(p => p.Second!.Value ?? double.MaxValue);
        if (high.Second!.Low is { } above && low.Second!.High is { } below && above <= below)
            return $"The score hardly goes with {title}: no two of its values differ beyond chance.";
        return $"The model scores highest at {title} {high.First.Label} ({Signed(high.Second!)} {unit}) and lowest at {low.First.Label} ({Signed(low.Second!)}), against its average.";
    }

    private static string Signed(Num num)
    {
        var text = Say.WithInterval(num, "");
        return num.Value > 0 ? $"+{text}" : text;
    }

    private static Num?[]? Curve(JsonElement curve)
    {
        if (curve.ValueKind != JsonValueKind.Object)
            return null;
        var (low, high) = (Numbers(curve, "low"), Numbers(curve, "high"));
        return
        [
            .. Numbers(curve, "values")
                .Select(
                    (v, i) =>
                        double.IsNaN(v)
                            ? null
                            : Num.Of(v, i < low.Length ? low[i] : double.NaN, i < high.Length ? high[i] : double.NaN)
                ),
        ];
    }

    private static double[] Numbers(JsonElement e, string name) =>
        [.. e.Each(name).Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN)];

    private static bool[] Flags(JsonElement e, string name) =>
        [.. e.Each(name).Select(v => v.ValueKind == JsonValueKind.True)];

    private static object? At(JsonElement at) =>
        at.ValueKind switch
        {
            JsonValueKind.Number => Rounding.Of(at.GetDouble()),
            JsonValueKind.String => at.GetString(),
            _ => at.ToString().ToLower(CultureInfo.InvariantCulture),
        };

    private static string Title(RunFolder run, JsonElement feature) =>
        feature.Text("display_name") ?? run.Names.Title(feature.Text("name") ?? "");
}
