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
}

/// <summary>A dimension of segments: rows that share something.</summary>
public sealed record SegmentDefinition
{
    /// <summary>The dimension's name.</summary>
    public required string Name { get; init; }

    /// <summary>How rows are told apart.</summary>
    public required SegmentKind Kind { get; init; }

    /// <summary>The column of <see cref="SegmentKind.Column"/>, bins and quantiles.</summary>
    public string? Column { get; init; }

    /// <summary>Rising inner edges of bins.</summary>
    public IReadOnlyList<double> Edges { get; init; } = [];

    /// <summary>Number of quantile bins.</summary>
    public int Quantiles { get; init; }

    /// <summary>Names and SQL predicates, in order.</summary>
    public IReadOnlyList<(string Name, string Predicate)> Parts { get; init; } = [];

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
        return [.. map.Keys.Select(name => One(map, name))];
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
        part.RejectOthers();
        var ways =
            (edges is null ? 0 : 1) + (quantiles is null ? 0 : 1) + (sql is null ? 0 : 1) + (journey is null ? 0 : 1);
        if (ways > 1)
            throw part.Error("give one of bins, quantiles, sql, journey");
        if (sql is null && journey is null && column is null)
            throw part.Error("a segment needs a column, 'sql' or 'journey'");
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
                : SegmentKind.Column,
            Column = column,
            Edges = edges ?? [],
            Quantiles = quantiles ?? 0,
            Parts = (sql ?? journey) is { } parts ? [.. parts.Keys.Select(k => (k, parts.RequiredText(k)))] : [],
        };
    }
}
