using System.Globalization;
using System.Text.Json;
using Assay.Attribution;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Server;

/// <summary>A row in a list; who and which list by keys that name nobody.</summary>
internal sealed record RowSummary(
    long Row,
    string? Request,
    string? Cluster,
    string? Item,
    double? Label,
    double? Score,
    string? LabelText
);

/// <summary>One feature's share of a score.</summary>
internal sealed record AttributionLine(string Feature, string Title, object? Value, double? Attribution);

/// <summary>A row by one method.</summary>
internal sealed record RowMethod(
    string Id,
    string Title,
    double? BaselineScore,
    double? Gap,
    IReadOnlyList<AttributionLine> Attributions
);

/// <summary>One recommendation in full.</summary>
internal sealed record RowDetail(
    long Row,
    double? Score,
    IReadOnlyList<RowMethod> Methods,
    IReadOnlyList<RowSummary> Candidates
);

/// <summary>A row with other values.</summary>
/// <param name="Changes">New values by feature: numbers, ids or their labels.</param>
/// <param name="Against">Another row; attributions are then of the difference to it.</param>
/// <param name="Split">explain or holdout.</param>
internal sealed record WhatIfRequest(
    IReadOnlyDictionary<string, JsonElement>? Changes,
    long? Against = null,
    string? Split = null
);

/// <summary>Scores before and after a change.</summary>
internal sealed record WhatIfAnswer(double? Before, double? After, IReadOnlyList<AttributionLine> Attributions);

/// <summary>One line a row: the score at each value of a feature, all else as it is.</summary>
internal sealed record IceDocument(IReadOnlyList<object?> Grid, IReadOnlyList<IReadOnlyList<double?>> Lines);

/// <summary>Single rows: only for analysts, audited, never in a report.</summary>
internal static class RowsView
{
    private const int MostCandidates = 50;
    private const int MostShown = 12;
    private const int IcePoints = 20;

    public static async Task<Paged<RowSummary>> Page(
        RunFolder run,
        RowModel model,
        string split,
        string? q,
        int page,
        int size,
        CancellationToken cancel
    )
    {
        var (rows, total) = StudiedRows.Page(run, model, split, q, page, size);
        return new(await Summaries(run, model, rows, cancel).ConfigureAwait(false), total, page, size);
    }

    public static async Task<RowDetail?> Of(
        RunFolder run,
        RowModel model,
        string split,
        long number,
        CancellationToken cancel
    )
    {
        if (StudiedRows.Find(run, model, split, number) is not { } row)
            return null;
        var feeds = StudiedRows.Feeds(model, [row]);
        var score = await model.Score(feeds, cancel).ConfigureAwait(false);
        var methods = new List<RowMethod>();
        foreach (var method in model.Methods)
            methods.Add(
                Method(run, model, method, row, await model.Explain(method, feeds, cancel).ConfigureAwait(false))
            );
        var list = StudiedRows.List(run, model, split, row, MostCandidates);
        return new(
            number,
            Rounding.Of(score[0]),
            methods,
            await Summaries(run, model, [.. list.Where(r => r.Row != number)], cancel).ConfigureAwait(false)
        );
    }

    public static async Task<WhatIfAnswer?> WhatIf(
        RunFolder run,
        RowModel model,
        string split,
        long number,
        WhatIfRequest asked,
        CancellationToken cancel
    )
    {
        if (StudiedRows.Find(run, model, split, number) is not { } row)
            return null;
        var changed = row with { Values = Changed(model, row, asked.Changes ?? new Dictionary<string, JsonElement>()) };
        var scores = await model.Score(StudiedRows.Feeds(model, [row, changed]), cancel).ConfigureAwait(false);
        if (model.Methods.Count == 0)
            return new(Rounding.Of(scores[0]), Rounding.Of(scores[1]), []);
        var feeds = StudiedRows.Feeds(model, [changed]);
        var other = asked.Against is { } against
            ? StudiedRows.Find(run, model, split, against)
                ?? throw AssayException.Usage($"There is no row {against} to compare with.")
            : null;
        var method = model.Methods[0];
        var explained = other is null
            ? await model.Explain(method, feeds, cancel).ConfigureAwait(false)
            : await model.Against(method, feeds, StudiedRows.Feeds(model, [other]), cancel).ConfigureAwait(false);
        return new(
            Rounding.Of(scores[0]),
            Rounding.Of(scores[1]),
            Method(run, model, method, changed, explained).Attributions
        );
    }

    public static async Task<IceDocument?> Ice(
        RunFolder run,
        RowModel model,
        string feature,
        int count,
        CancellationToken cancel
    )
    {
        var at = model.Binding.Features.ToList().FindIndex(f => f.Entry.Name == feature);
        if (at < 0 || model.Binding.Features[at].Elements.Count != 1)
            return null;
        var rows = StudiedRows.Sample(run, model, Splits.Explain, Math.Clamp(count, 1, 200));
        var entry = model.Binding.Features[at].Entry;
        var grid = Grid(run, entry, [.. rows.Select(r => r.Values[at][0])]);
        var lines = rows.Select(_ => new double?[grid.Length]).ToArray();
        for (var g = 0; g < grid.Length; g++)
        {
            double[] own = [grid[g]];
            var set = rows.Select(r => r with { Values = [.. r.Values.Select((v, f) => f == at ? own : v)] }).ToArray();
            var scores = await model.Score(StudiedRows.Feeds(model, set), cancel).ConfigureAwait(false);
            for (var r = 0; r < scores.Length; r++)
                lines[r][g] = Rounding.Of(scores[r]);
        }
        return new([.. grid.Select(v => Shown(model, entry, [v]))], lines);
    }

    // The points that the effects of the run are given at, else the values that the rows have.
    private static double[] Grid(RunFolder run, FeatureEntry entry, double[] values)
    {
        var stored = run
            .Effects.Each("features")
            .Where(f => f.Text("name") == entry.Name)
            .SelectMany(f => f.Each("grid"))
            .Select(p => p.At("at"))
            .Select(v =>
                v.ValueKind == JsonValueKind.Number ? v.GetDouble()
                : double.TryParse(v.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var id) ? id
                : double.NaN
            )
            .ToArray();
        if (stored.Length > 0 && !stored.Any(double.IsNaN))
            return stored;
        var sorted = values.Where(double.IsFinite).Distinct().Order().ToArray();
        return sorted.Length <= IcePoints
            ? sorted
            : [.. Enumerable.Range(0, IcePoints).Select(i => sorted[i * (sorted.Length - 1) / (IcePoints - 1)])];
    }

    private static async Task<RowSummary[]> Summaries(
        RunFolder run,
        RowModel model,
        IReadOnlyList<StudiedRow> rows,
        CancellationToken cancel
    )
    {
        if (rows.Count == 0)
            return [];
        var scores = await model.Score(StudiedRows.Feeds(model, rows), cancel).ConfigureAwait(false);
        var item = model.Binding.Features.ToList().FindIndex(f => f.Entry.Source == run.Run.Text("item"));
        return
        [
            .. rows.Select(
                (r, i) =>
                    new RowSummary(
                        r.Row,
                        Short(r.Request),
                        Short(r.Cluster),
                        item >= 0
                            ? Shown(model, model.Binding.Features[item].Entry, r.Values[item])?.ToString()
                            : Short(r.Item),
                        Rounding.Of(r.Label),
                        Rounding.Of(scores[i]),
                        double.IsNaN(r.Label) ? null : $"{run.Run.Text("label")}: {(r.Label > 0.5 ? "yes" : "no")}"
                    )
            ),
        ];
    }

    private static RowMethod Method(
        RunFolder run,
        RowModel model,
        string method,
        StudiedRow row,
        Explanation explained
    ) =>
        new(
            method,
            run.Names.Method(method),
            Rounding.Of(explained.BaselineTarget[0]),
            Rounding.Of(explained.CompletenessGap?[0] ?? double.NaN),
            [
                .. model
                    .Binding.Features.Select(
                        (f, i) =>
                            new AttributionLine(
                                f.Entry.Name,
                                run.Names.Title(f.Entry.Name),
                                Shown(model, f.Entry, row.Values[i]),
                                Rounding.Of(explained.Attributions[i])
                            )
                    )
                    .OrderByDescending(a => Math.Abs(a.Attribution ?? 0)),
            ]
        );

    private static double[][] Changed(RowModel model, StudiedRow row, IReadOnlyDictionary<string, JsonElement> changes)
    {
        var values = row.Values.ToArray();
        foreach (var (name, value) in changes)
        {
            var feature = model.Binding.Feature(name);
            var at = model.Binding.Features.ToList().IndexOf(feature);
            if (feature.Elements.Count != 1)
                throw AssayException.Usage($"'{name}' is a list; only single values can be changed.");
            values[at] = [Value(model, feature.Entry, value)];
        }
        return values;
    }

    private static double Value(RowModel model, FeatureEntry entry, JsonElement value)
    {
        var text = value.ToString();
        var isNumber =
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number);
        if (!entry.HasIds)
            return isNumber ? number : throw AssayException.Usage($"'{entry.Name}' takes a number, not '{text}'.");
        var size = entry.VocabularySize ?? long.MaxValue;
        if (value.ValueKind == JsonValueKind.String)
            for (var id = 0L; id < Math.Min(size, 2_000_000); id++)
                if (Label(model, entry, id) == text)
                    return id;
        if (isNumber && number >= 0 && number < size && number == Math.Floor(number))
            return number;
        throw AssayException.Usage(
            $"'{entry.Name}' has no value '{text}'; give one of its labels, or an id below {size}."
        );
    }

    private static object? Shown(RowModel model, FeatureEntry entry, double[] values) =>
        values.Length == 1
            ? entry.HasIds
                ? Label(model, entry, (long)values[0])
                : Rounding.Of(values[0])
            : string.Join(
                ", ",
                values.Take(MostShown).Select(v => entry.HasIds ? Label(model, entry, (long)v) : Say.Number(v))
            ) + (values.Length > MostShown ? ", …" : "");

    private static string Label(RowModel model, FeatureEntry entry, long id) =>
        model.Labels.Labeller(
            new()
            {
                Name = entry.Source,
                Kind = SegmentKind.Column,
                Column = entry.Source,
            }
        )(id.ToString(CultureInfo.InvariantCulture));

    private static string? Short(long key) => key == 0 ? null : $"#{key:x16}"[..9];
}
