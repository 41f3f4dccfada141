using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// A column of segment labels as the prepared data hold it: a SQL text, and codes for its values in order of
/// appearance (−1: in no segment).
/// </summary>
internal sealed class SegmentColumn(string dimension, string expression, bool missingIsSegment)
{
    public const string Missing = "(missing)";
    public const int MostValues = 200;
    private readonly Dictionary<string, int> codes = [];

    public string Dimension => dimension;

    /// <summary>A VARCHAR expression over the columns of the data.</summary>
    public string Expression => expression;

    /// <summary>The labels by code.</summary>
    public List<string> Labels { get; } = [];

    public int Code(string? label)
    {
        if (label is null && !missingIsSegment)
            return -1;
        label ??= Missing;
        if (codes.TryGetValue(label, out var code))
            return code;
        if (Labels.Count == MostValues)
            throw AssayException.Input(
                $"Segment '{dimension}' has more than {MostValues} values; give it bins, quantiles or predicates."
            );
        Labels.Add(label);
        return codes[label] = Labels.Count - 1;
    }

    /// <summary>The columns that a definition needs; quantile edges must have been found (see <see cref="Resolve"/>).</summary>
    public static IEnumerable<SegmentColumn> For(SegmentDefinition s, DataTable table)
    {
        var purpose = $"segment '{s.Name}'";
        switch (s.Kind)
        {
            case SegmentKind.Column:
                table.Type(s.Column!, purpose);
                return [new(s.Name, $"CAST({Sql.Name(s.Column!)} AS VARCHAR)", true)];
            case SegmentKind.Bins:
            case SegmentKind.Quantiles:
                return [new(s.Name, Bins(table.Number(s.Column!, purpose), s.Edges), true)];
            case SegmentKind.Period:
                return [new(s.Name, PeriodSql.Expression(s.Period!, table), true)];
            case SegmentKind.Journey:
                var stages = s.Parts.Select(p => $"WHEN ({p.Predicate}\n) THEN {Sql.Text(p.Name)}");
                return [new(s.Name, $"CASE {string.Join(' ', stages)} ELSE '(none)' END", true)];
            case SegmentKind.Cross:
                // Made of the columns of its two dimensions when rows are gathered.
                return [];
            default:
                return
                [
                    .. s.Parts.Select(p => new SegmentColumn(
                        s.Name,
                        $"CASE WHEN ({p.Predicate}\n) THEN {Sql.Text(p.Name)} END",
                        false
                    )),
                ];
        }
    }

    /// <summary>The same definition with the edges of quantile bins found in the explained data.</summary>
    public static SegmentDefinition Resolve(SegmentDefinition s, Duck duck, DataTable explain)
    {
        if (s.Period is { } period)
            return s with { Period = PeriodSql.Resolve(period, duck, explain) };
        if (s.Kind != SegmentKind.Quantiles)
            return s;
        var value = explain.Number(s.Column!, $"segment '{s.Name}'");
        var edges = new SortedSet<double>();
        for (var i = 1; i < s.Quantiles; i++)
        {
            var at = Number((double)i / s.Quantiles);
            if (duck.Scalar($"SELECT quantile_disc({value}, {at}) FROM {explain.Relation}") is double edge)
                edges.Add(edge);
        }
        return s with { Edges = [.. edges] };
    }

    /// <summary>All labels a definition can yield, in the order to show them; empty where the values decide.</summary>
    public static IReadOnlyList<string> Order(SegmentDefinition s) =>
        s.Kind switch
        {
            SegmentKind.Column or SegmentKind.Cross => [],
            SegmentKind.Period => PeriodSql.Order(s.Period!),
            SegmentKind.Bins or SegmentKind.Quantiles =>
            [
                .. Enumerable.Range(0, s.Edges.Count + 1).Select(i => BinLabel(s.Edges, i)),
                Missing,
            ],
            _ => [.. s.Parts.Select(p => p.Name), "(none)"],
        };

    private static string Bins(string value, IReadOnlyList<double> edges)
    {
        var cases = edges.Select((e, i) => $"WHEN {value} < {Exact(e)} THEN {Sql.Text(BinLabel(edges, i))}");
        return $"CASE WHEN {value} IS NULL THEN NULL {string.Join(' ', cases)} "
            + $"ELSE {Sql.Text(BinLabel(edges, edges.Count))} END";
    }

    private static string BinLabel(IReadOnlyList<double> edges, int bin) =>
        edges.Count == 0 ? "all"
        : bin == 0 ? $"< {Number(edges[0])}"
        : bin == edges.Count ? $"≥ {Number(edges[^1])}"
        : $"{Number(edges[bin - 1])} to < {Number(edges[bin])}";

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // Columns of floats are read as doubles: 2.99 is then 2.990000009536743, which nobody wants to read.
    private static string Number(double value) =>
        (float)value == value ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : Exact(value);
}
