namespace Assay.Studies;

/// <summary>How rows are told apart along one dimension.</summary>
public enum SegmentKind
{
    /// <summary>By the values of a column.</summary>
    Column,

    /// <summary>By bins of a numeric column, with given edges.</summary>
    Bins,

    /// <summary>By quantile bins of a numeric column (edges from the explained split).</summary>
    Quantiles,

    /// <summary>By named SQL predicates; a row may meet several.</summary>
    Predicates,

    /// <summary>By the stages of a journey: named SQL predicates, of which the first that holds counts.</summary>
    Journey,

    /// <summary>By two other dimensions at once.</summary>
    Cross,

    /// <summary>By periods of a column of time.</summary>
    Period,
}

/// <summary>A dimension of segments: rows that share something.</summary>
public sealed record SegmentDefinition
{
    /// <summary>The dimension's name.</summary>
    public required string Name { get; init; }

    /// <summary>How rows are told apart.</summary>
    public required SegmentKind Kind { get; init; }

    /// <summary>Whose trait it is [kind]; null: found from the column's feature.</summary>
    public DimensionKind? About { get; init; }

    /// <summary>The column of <see cref="SegmentKind.Column"/>, bins and quantiles.</summary>
    public string? Column { get; init; }

    /// <summary>Rising inner edges of bins.</summary>
    public IReadOnlyList<double> Edges { get; init; } = [];

    /// <summary>Number of quantile bins.</summary>
    public int Quantiles { get; init; }

    /// <summary>Names and SQL predicates, in order.</summary>
    public IReadOnlyList<(string Name, string Predicate)> Parts { get; init; } = [];

    /// <summary>The two dimensions of a <see cref="SegmentKind.Cross"/>.</summary>
    public IReadOnlyList<string> Cross { get; init; } = [];

    /// <summary>Whether segments of a dimension are told apart by a feature, so that it does not vary within them.</summary>
    internal static bool AreMadeOf(IReadOnlyList<SegmentDefinition> all, string dimension, string feature) =>
        dimension == feature
        || (
            all.FirstOrDefault(s => s.Name == dimension) is { } own
            && (own.Column == feature || own.Cross.Any(c => AreMadeOf(all, c, feature)))
        );

    /// <summary>The period of <see cref="SegmentKind.Period"/>.</summary>
    public PeriodDefinition? Period { get; init; }

    internal static IReadOnlyList<SegmentDefinition> Read(YamlMap root)
    {
        if (root.IsList("segments"))
            return
            [
                .. root.Texts("segments")!
                    .Select(c => new SegmentDefinition
                    {
                        Name = c,
                        Kind = SegmentKind.Column,
                        Column = c,
                    }),
            ];
        if (root.Map("segments") is not { } map)
            return [];
        SegmentDefinition[] all = [.. map.Keys.Select(name => One(map, name))];
        foreach (var cross in all.Where(s => s.Kind == SegmentKind.Cross))
        foreach (var name in cross.Cross)
            if (!all.Any(s => s.Name == name && s.Kind != SegmentKind.Cross))
                throw map.ErrorAt(cross.Name, $"'cross' names '{name}', which is no other dimension of 'segments'");
        return all;
    }

    private static SegmentDefinition One(YamlMap map, string name)
    {
        if (!map.IsMap(name))
            return new()
            {
                Name = name,
                Kind = SegmentKind.Column,
                Column = map.Text(name) ?? name,
            };
        var part = map.Map(name)!;
        var column = part.Text("column");
        var edges = part.Numbers("bins");
        var quantiles = part.Integer("quantiles", 2, 100);
        var sql = part.Map("sql");
        var journey = part.Map("journey");
        var cross = part.Texts("cross");
        var about = part.Choice("kind", "user", "item", "context", "journey", "other");
        part.RejectOthers();
        var ways = ((object?[])[edges, quantiles, sql, journey, cross]).Count(w => w is not null);
        if (ways > 1)
            throw part.Error("give one of bins, quantiles, sql, journey, cross");
        if (sql is null && journey is null && cross is null && column is null)
            throw part.Error("a segment needs a column, 'sql', 'journey' or 'cross'");
        if (cross is not null && (column is not null || cross.Count != 2 || cross[0] == cross[1]))
            throw part.ErrorAt("cross", "a cross is of two dimensions of 'segments', such as [region, stage]");
        if (edges is not null && (edges.Count == 0 || !edges.Zip(edges.Skip(1)).All(p => p.First < p.Second)))
            throw part.ErrorAt("bins", "the edges must rise");
        return new SegmentDefinition
        {
            Name = name,
            Kind =
                edges is not null ? SegmentKind.Bins
                : quantiles is not null ? SegmentKind.Quantiles
                : sql is not null ? SegmentKind.Predicates
                : journey is not null ? SegmentKind.Journey
                : cross is not null ? SegmentKind.Cross
                : SegmentKind.Column,
            Column = column,
            About = about is null ? null : Enum.Parse<DimensionKind>(about, ignoreCase: true),
            Edges = edges ?? [],
            Quantiles = quantiles ?? 0,
            Cross = cross ?? [],
            Parts = (sql ?? journey) is { } parts ? [.. parts.Keys.Select(k => (k, parts.RequiredText(k)))] : [],
        };
    }
}
