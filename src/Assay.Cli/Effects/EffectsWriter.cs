using System.Globalization;
using Assay.Attribution.Effects;
using Assay.Cli.Output;

namespace Assay.Cli.Effects;

/// <summary>Writes effects as tables, as one JSON document or as CSV.</summary>
internal sealed class EffectsWriter(EffectsRequest request, string head, IReadOnlyList<FeatureEffect> effects)
{
    public void Write(Terminal to)
    {
        switch (request.Format)
        {
            case EffectsFormat.Json:
                EffectsJson.Write(to.Out, request, head, effects);
                break;
            case EffectsFormat.Csv:
                Csv(to.Out);
                break;
            default:
                foreach (var effect in effects)
                    Table(to, effect);
                break;
        }
    }

    private void Table(Terminal to, FeatureEffect effect)
    {
        var segment = effect.Segment is { } name ? $", {request.Segment} = {name}" : "";
        to.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{request.Settings.Kind.ToString().ToLowerInvariant()} of {string.Join(" and ", request.Features)} on {head} ({request.Space.ToString().ToLowerInvariant()}){segment}: {effect.Rows} rows in {effect.Clusters} clusters, relative to {Number(effect.Mean)}"
            )
        );
        var table = new TextTable([.. request.Features, "effect", "interval", "rows", ""]).Numbers([
            .. Enumerable.Range(0, request.Features.Count + 3),
        ]);
        var largest = effect.Values.Max(Math.Abs);
        for (var v = 0; v < effect.Values.Length; v++)
            table.Add([
                .. Labels(effect, v),
                Number(effect.Values[v]),
                effect.Intervals[v].IsDefined
                    ? $"{Number(effect.Intervals[v].Low)} to {Number(effect.Intervals[v].High)}"
                    : "–",
                effect.Density[v].ToString(CultureInfo.InvariantCulture),
                Bar(effect.Values[v], largest),
            ]);
        table.Write(to);
        if (effect.Curves is { Count: var curves })
            to.Out.WriteLine($"{curves} curves of rows; --format json or csv writes them.");
        to.Out.WriteLine();
    }

    private void Csv(TextWriter to)
    {
        List<string> headings = ["segment", "row", .. request.Features];
        headings.AddRange(["effect", "mean", "standard_error", "low", "high", "rows"]);
        Line(to, headings);
        foreach (var effect in effects)
        {
            for (var v = 0; v < effect.Values.Length; v++)
                Line(
                    to,
                    [
                        effect.Segment ?? "",
                        "",
                        .. Labels(effect, v),
                        Exact(effect.Values[v]),
                        Exact(effect.Mean),
                        Exact(effect.StandardErrors[v]),
                        Exact(effect.Intervals[v].Low),
                        Exact(effect.Intervals[v].High),
                        effect.Density[v].ToString(CultureInfo.InvariantCulture),
                    ]
                );
            foreach (var curve in effect.Curves ?? [])
                for (var v = 0; v < curve.Values.Length; v++)
                    Line(
                        to,
                        [
                            effect.Segment ?? "",
                            curve.Row.ToString(CultureInfo.InvariantCulture),
                            .. Labels(effect, v),
                            Exact(curve.Values[v]),
                            "",
                            "",
                            "",
                            "",
                            "",
                        ]
                    );
        }
    }

    private static IEnumerable<string> Labels(FeatureEffect effect, int value) =>
        effect.Axes is [var only]
            ? [only.Positions[value].Label]
            :
            [
                effect.Axes[0].Positions[value / effect.Axes[1].Positions.Count].Label,
                effect.Axes[1].Positions[value % effect.Axes[1].Positions.Count].Label,
            ];

    private static void Line(TextWriter to, IEnumerable<string> cells) =>
        to.Write(string.Join(',', cells.Select(Cell)) + "\n");

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // Left of the middle for less, right of it for more.
    private static string Bar(double value, double largest)
    {
        const int Half = 12;
        var length = largest > 0 ? (int)Math.Round(Math.Abs(value) / largest * Half) : 0;
        var bar = new string('■', length);
        return value < 0 ? $"{bar.PadLeft(Half)}|{"".PadRight(Half)}" : $"{"".PadLeft(Half)}|{bar.PadRight(Half)}";
    }

    private static string Exact(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
