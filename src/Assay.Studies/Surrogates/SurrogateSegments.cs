using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies.Surrogates;

/// <summary>The segments of a feature: its most frequent ids and the rest; quarters of a number, or of a list's length.</summary>
internal static class SurrogateSegments
{
    private const int MostIds = 8;

    /// <summary>Each segment's name and rows.</summary>
    public static IEnumerable<(string Name, int[] Rows)> Of(
        BoundFeature feature,
        IReadOnlyDictionary<string, TensorData> feeds,
        int[] rows
    )
    {
        var values = feeds[feature.Input.Name].ToDoubles();
        var entry = feature.Entry;
        double At(int row, int e) => values[row * feature.Input.Elements + feature.Elements[e]];
        if (entry is { HasIds: true, IsList: false })
            return ByIds(entry.Name, rows, r => (long)At(r, 0));
        if (!entry.HasIds)
            return ByQuarters(entry.Name, rows, r => At(r, 0));
        var padding = entry.PaddingId ?? 0;
        return ByQuarters(
            $"length of {entry.Name}",
            rows,
            r => Enumerable.Range(0, feature.Elements.Count).Count(e => (long)At(r, e) != padding)
        );
    }

    private static IEnumerable<(string, int[])> ByIds(string name, int[] rows, Func<int, long> id)
    {
        var groups = rows.GroupBy(id).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).ToArray();
        foreach (var group in groups.Take(MostIds))
            yield return (string.Create(CultureInfo.InvariantCulture, $"{name} = {group.Key}"), [.. group]);
        if (groups.Length > MostIds)
            yield return ($"{name}: other", [.. groups.Skip(MostIds).SelectMany(g => g)]);
    }

    private static IEnumerable<(string, int[])> ByQuarters(string name, int[] rows, Func<int, double> value)
    {
        var sorted = rows.Select(value).Order().ToArray();
        if (sorted.Length == 0)
            yield break;
        var bounds = Enumerable.Range(1, 3).Select(q => sorted[(sorted.Length - 1) * q / 4]).Distinct().ToArray();
        var lower = double.NegativeInfinity;
        foreach (var upper in bounds.Append(double.PositiveInfinity))
        {
            var (from, to) = (lower, upper);
            int[] inside = [.. rows.Where(r => value(r) > from && value(r) <= to)];
            if (inside.Length > 0)
                yield return (Name(name, from, to), inside);
            lower = upper;
        }
    }

    private static string Name(string name, double from, double to) =>
        double.IsNegativeInfinity(from) ? string.Create(CultureInfo.InvariantCulture, $"{name} ≤ {to:G4}")
        : double.IsPositiveInfinity(to) ? string.Create(CultureInfo.InvariantCulture, $"{name} > {from:G4}")
        : string.Create(CultureInfo.InvariantCulture, $"{from:G4} < {name} ≤ {to:G4}");
}
