using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Gathers the rows of each segment.</summary>
internal static class SegmentBuilder
{
    public const string Overall = "overall";
    public const string All = "all";

    public static IReadOnlyList<SegmentRows> Build(SplitData data, PreparedReader reader, Vocabularies vocabularies)
    {
        var segments = new List<SegmentRows>
        {
            new(Overall, All, "all rows", data, [.. Enumerable.Range(0, data.Split.Rows)]),
        };
        foreach (var definition in data.Plan.Segments)
        {
            if (definition.Kind == SegmentKind.Cross)
                continue;
            var found = new List<(string Name, int[] Rows)>();
            for (var column = 0; column < data.Split.Segments.Count; column++)
                if (data.Split.Segments[column].Dimension == definition.Name)
                    found.AddRange(
                        Rows(reader.ReadAll<int>(PreparedColumns.Segment(column)), data.Split.Segments[column])
                    );
            var order = SegmentColumn.Order(definition);
            var label = vocabularies.Labeller(definition);
            segments.AddRange(
                found
                    .OrderBy(f => Place(order, f.Name))
                    .ThenBy(f => Number(f.Name))
                    .ThenBy(f => f.Name, StringComparer.Ordinal)
                    .Select(f => new SegmentRows(definition.Name, f.Name, label(f.Name), data, f.Rows))
            );
        }
        foreach (var cross in data.Plan.Segments.Where(s => s.Kind == SegmentKind.Cross))
            segments.AddRange(Cross(data, segments, cross.Name, cross.Cross[0], cross.Cross[1]));
        foreach (var segment in segments)
            data.Prepared(segment);
        return segments;
    }

    /// <summary>The segments of two dimensions at once that have rows, in the order of the first, then the second.</summary>
    /// <exception cref="AssayException">Input: too many.</exception>
    public static IReadOnlyList<SegmentRows> Cross(
        SplitData data,
        IReadOnlyList<SegmentRows> segments,
        string name,
        string first,
        string second
    )
    {
        var crossed = new List<SegmentRows>();
        SegmentRows[] others = [.. segments.Where(s => s.Dimension == second)];
        foreach (var one in segments.Where(s => s.Dimension == first))
        {
            var own = one.Rows.ToHashSet();
            foreach (var other in others)
            {
                int[] rows = [.. other.Rows.Where(own.Contains)];
                if (rows.Length > 0)
                    crossed.Add(new(name, $"{one.Name} × {other.Name}", $"{one.Label} × {other.Label}", data, rows));
            }
        }
        return crossed.Count <= SegmentColumn.MostValues
            ? crossed
            : throw AssayException.Input(
                $"Segment '{name}' crosses '{first}' and '{second}' to {crossed.Count} segments, more than {SegmentColumn.MostValues}; cross coarser dimensions."
            );
    }

    private static IEnumerable<(string, int[])> Rows(int[] codes, SegmentLabels labels)
    {
        var counts = new int[labels.Labels.Count];
        foreach (var code in codes)
            if (code >= 0)
                counts[code]++;
        var rows = counts.Select(c => new int[c]).ToArray();
        Array.Clear(counts);
        for (var i = 0; i < codes.Length; i++)
            if (codes[i] >= 0)
                rows[codes[i]][counts[codes[i]]++] = i;
        return rows.Select((r, code) => (labels.Labels[code], r));
    }

    private static int Place(IReadOnlyList<string> order, string name)
    {
        for (var i = 0; i < order.Count; i++)
            if (order[i] == name)
                return i;
        return order.Count;
    }

    private static double Number(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : double.PositiveInfinity;
}
