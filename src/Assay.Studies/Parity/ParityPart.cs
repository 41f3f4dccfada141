using System.Globalization;

namespace Assay.Studies;

/// <summary>
/// One column of what a feature holds, for comparing distributions: an id or a number; of a list its newest entry and how
/// many it has; of a vector each number. What stands for "missing" (also padding and the id of unknown values) is no value.
/// </summary>
/// <param name="Name">Which of several; empty where there is one.</param>
/// <param name="IsId">Whether the values are ids, else numbers.</param>
/// <param name="Value">From the training column to the value, as SQL; NULL where missing.</param>
/// <param name="Of">From a row's elements to the value; NaN where missing.</param>
internal sealed record ParityPart(string Name, bool IsId, Func<string, string> Value, Func<double[], double> Of)
{
    public const string Newest = "newest entry";
    public const string Length = "length";

    public static IReadOnlyList<ParityPart> For(BoundFeature feature)
    {
        var entry = feature.Entry;
        var absent = PresenceReader.Absent(entry);
        double Known(double value) => absent.Contains(value) ? double.NaN : value;
        if (!entry.IsList)
            return [new("", entry.HasIds, c => c, v => Known(v[0]))];
        if (!entry.HasIds)
            return
            [
                .. feature.Elements.Select(
                    (_, e) => new ParityPart($"number {e + 1}", false, c => $"{c}[{e + 1}]", v => Known(v[e]))
                ),
            ];
        double NewestOf(double[] v) =>
            (entry.KeepsFirst ? v : v.Reverse()).Select(Known).FirstOrDefault(x => !double.IsNaN(x), double.NaN);
        double LengthOf(double[] v) => v.Count(x => !absent.Contains(x)) is > 0 and var n ? n : double.NaN;
        return
        [
            new(Newest, true, c => entry.KeepsFirst ? $"{c}[1]" : $"{c}[-1]", NewestOf),
            new(Length, false, c => $"NULLIF(len({c}), 0)", LengthOf),
        ];
    }

    /// <summary>A feature's column of the training data as values and lists of known entries, cut as the model's rows are.</summary>
    /// <exception cref="Onnx.AssayException">Input: the column is missing, or does not hold what the feature wants.</exception>
    public static string Column(DataTable table, BoundFeature feature)
    {
        var entry = feature.Entry;
        var raw = table.Feature(entry);
        if (!entry.IsList)
            return $"CASE WHEN {Lacks(raw, entry)} THEN NULL ELSE {raw} END";
        if (!entry.HasIds)
            return $"[CASE WHEN {Lacks("x", entry)} THEN NULL ELSE x END FOR x IN {raw}]";
        var count = feature.Elements.Count;
        var kept = entry.KeepsFirst ? $"({raw})[1:{count}]" : $"({raw})[-{count}:]";
        return $"[x FOR x IN {kept} IF NOT ({Lacks("x", entry)})]";
    }

    private static string Lacks(string value, FeatureEntry entry)
    {
        var reasons = new List<string> { $"{value} IS NULL" };
        if (!entry.HasIds)
            reasons.Add($"NOT isfinite({value})");
        else
            reasons.Add(entry.VocabularySize is { } size ? $"{value} < 0 OR {value} >= {size}" : $"{value} < 0");
        reasons.AddRange(PresenceReader.Absent(entry).Distinct().Select(a => $"{value} = {Number(a)}"));
        return string.Join(" OR ", reasons);
    }

    /// <summary>A number in SQL, to the bit.</summary>
    public static string Number(double value) =>
        $"CAST('{value.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)";
}
