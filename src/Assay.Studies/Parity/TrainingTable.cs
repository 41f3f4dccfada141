using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Rows of training that share unit and bin, within one segment.</summary>
/// <param name="Unit">The number of their unit.</param>
/// <param name="Bin">Their bin.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sum">Of numbers the sum of their distances from the mean of training.</param>
internal readonly record struct TrainingCount(int Unit, int Bin, double Rows, double Sum);

/// <summary>
/// The training rows as a table of DuckDB: unit, segments, features, read once. Queries count them; no row is kept here, and
/// what does not fit into DuckDB's memory is spilt.
/// </summary>
internal sealed class TrainingTable : IDisposable
{
    private const string Rows = "__train";
    private readonly Duck duck;
    private readonly string spill;
    private readonly Dictionary<string, string[]> dimensions = [];

    public TrainingTable(ChainContext context, DataSource source)
    {
        var study = context.Study;
        spill = Path.Combine(context.Plan.Folder, "prepared", "spill");
        // One thread, so that sums are added in one order.
        duck = Duck.Open(source.Folder, 1, study.Memory, spill);
        var table = new DataTable(duck, source);
        Features = [.. context.Plan.Features.Select((_, f) => $"__f{f}")];
        var columns = context
            .Plan.Features.Select((f, i) => $"{ParityPart.Column(table, f)} AS {Features[i]}")
            .ToList();
        HasClusters = table.Has(study.Cluster);
        foreach (var dimension in context.Plan.Segments)
            columns.AddRange(Segments(table, dimension));
        (var unit, Units) = Number(context, table, study.Cluster);
        var join = HasClusters ? $"LEFT JOIN __units ON {Key(study.Cluster)} = __key" : "";
        duck.Execute(
            $"CREATE TEMP TABLE {Rows} AS SELECT {unit} AS __g, {string.Join(", ", columns)} FROM {table.Relation} {join}"
        );
        Count = duck.Count($"SELECT count(*) FROM {Rows}");
        Clusters = HasClusters ? duck.Count($"SELECT count(DISTINCT __g) FROM {Rows}") : Count;
        if (Count == 0)
            throw AssayException.Input(
                $"Data {source.Title} (training rows) has no rows; correct the path or the 'where'."
            );
    }

    public long Count { get; }

    /// <summary>Units that have training rows.</summary>
    public long Clusters { get; }

    /// <summary>Whether the rows name their clusters; else each row counts as one.</summary>
    public bool HasClusters { get; }

    /// <summary>The columns of the features.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The units of clusters, the same on both sides.</summary>
    public ParityUnits Units { get; }

    /// <summary>Dimensions of segments that the training rows cannot be cut by, for want of a column.</summary>
    public List<string> Missing { get; } = [];

    public bool Has(string dimension) => dimension == SegmentBuilder.Overall || dimensions.ContainsKey(dimension);

    /// <summary>Counts by segment of a dimension, unit and bin; each segment is handed over once, by its name.</summary>
    public void Counted(
        string dimension,
        string value,
        ParityBins bins,
        Action<string, IReadOnlyList<TrainingCount>> take
    )
    {
        var sum = bins.IsId ? "0.0::DOUBLE" : $"coalesce(sum({value} - {ParityPart.Number(bins.Mean)}), 0)";
        foreach (
            var label in dimension == SegmentBuilder.Overall ? [Sql.Text(SegmentBuilder.All)] : dimensions[dimension]
        )
        {
            var counts = new List<TrainingCount>();
            string? segment = null;
            duck.Read(
                $"SELECT {label} AS l, __g, {bins.Sql(value)} AS b, count(*), {sum} FROM {Rows} WHERE {label} IS NOT NULL "
                    + "GROUP BY l, __g, b ORDER BY l, __g, b",
                reader =>
                {
                    var own = reader.GetString(0);
                    if (segment is not null && own != segment)
                        HandOver();
                    segment = own;
                    counts.Add(
                        new((int)reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetDouble(4))
                    );
                }
            );
            if (segment is not null)
                HandOver();
            void HandOver()
            {
                take(segment!, counts);
                counts.Clear();
            }
        }
    }

    /// <summary>The most common values, the most common first.</summary>
    public double[] Common(string value, int most)
    {
        var ids = new List<double>();
        duck.Read(
            $"SELECT CAST({value} AS BIGINT) AS v FROM {Rows} WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {most}",
            r => ids.Add(r.GetInt64(0))
        );
        return [.. ids];
    }

    /// <summary>All ids of a column (of lists, in any place), ascending.</summary>
    public double[] Distinct(string column)
    {
        var isList = ((string)duck.Scalar($"SELECT any_value(typeof({column})) FROM {Rows}")!).EndsWith(']');
        var ids = new List<double>();
        duck.Read(
            $"SELECT DISTINCT CAST({(isList ? $"unnest({column})" : column)} AS BIGINT) AS v FROM {Rows} ORDER BY v NULLS LAST",
            r =>
            {
                if (!r.IsDBNull(0))
                    ids.Add(r.GetInt64(0));
            }
        );
        return [.. ids];
    }

    /// <summary>Edges of bins of equal size, mean and standard deviation of a column of numbers.</summary>
    public (double[] Edges, double Mean, double Deviation) Numbers(string value, int bins)
    {
        var at = Enumerable.Range(1, bins - 1).Select(k => FormattableString.Invariant($"{(double)k / bins}"));
        var sql =
            $"SELECT min(v), avg(v), stddev_samp(v), quantile_disc(v, [{string.Join(", ", at)}]) "
            + $"FROM (SELECT CAST({value} AS DOUBLE) AS v FROM {Rows}) WHERE v IS NOT NULL";
        (double[], double, double) found = ([], 0, 0);
        duck.Read(
            sql,
            r =>
            {
                if (r.IsDBNull(0))
                    return;
                var least = r.GetDouble(0);
                double[] edges = [.. r.GetFieldValue<List<double>>(3).Distinct().Where(e => e > least)];
                found = (edges, r.GetDouble(1), r.IsDBNull(2) ? 0 : r.GetDouble(2));
            }
        );
        return found;
    }

    public void Dispose()
    {
        duck.Dispose();
        if (Directory.Exists(spill))
            Directory.Delete(spill, recursive: true);
    }

    private static string Key(string cluster) => $"CAST({Sql.Name(cluster)} AS VARCHAR)";

    private IEnumerable<string> Segments(DataTable table, SegmentDefinition dimension)
    {
        if (dimension.Kind == SegmentKind.Cross)
        {
            if (!dimension.Cross.All(dimensions.ContainsKey))
                Missing.Add(dimension.Name);
            else
                dimensions[dimension.Name] =
                [
                    .. dimensions[dimension.Cross[0]]
                        .SelectMany(_ => dimensions[dimension.Cross[1]], (a, b) => $"{a} || ' × ' || {b}"),
                ];
            return [];
        }
        string[] expressions;
        try
        {
            var missing = dimension.Kind == SegmentKind.Predicates ? "NULL" : Sql.Text(SegmentColumn.Missing);
            expressions = [.. SegmentColumn.For(dimension, table).Select(s => $"coalesce({s.Expression}, {missing})")];
            foreach (var expression in expressions)
                duck.Execute($"SELECT {expression} FROM {table.Relation} LIMIT 0");
        }
        catch (AssayException)
        {
            // What training does not have, it cannot be compared by; the report names it.
            Missing.Add(dimension.Name);
            return [];
        }
        string[] names = [.. expressions.Select((_, i) => Sql.Name($"__s:{dimension.Name}:{i}"))];
        dimensions[dimension.Name] = names;
        return expressions.Zip(names, (e, n) => $"{e} AS {n}");
    }

    private (string Sql, ParityUnits Units) Number(ChainContext context, DataTable table, string cluster)
    {
        var keys = context.Splits.SelectMany(s => s.ClusterKeys);
        if (!HasClusters)
            return ($"{ParityUnits.Most} + __row % {ParityUnits.Most}", new ParityUnits(keys));
        var texts = duck.Texts($"SELECT DISTINCT {Key(cluster)} AS k FROM {table.Relation} ORDER BY k");
        var named = texts.OfType<string>().Select(t => (Text: t, Key: StableHash.Of(t))).ToArray();
        var units = new ParityUnits(keys.Concat(named.Select(n => n.Key)));
        duck.Execute("CREATE TEMP TABLE __units (__key VARCHAR, __unit INTEGER)");
        duck.Append(
            "__units",
            appender =>
            {
                foreach (var (text, key) in named)
                    appender.CreateRow().AppendValue(text).AppendValue(units.Of(key)).EndRow();
            }
        );
        // Rows without a cluster are one unit.
        return ($"coalesce(__unit, {ParityUnits.Most})", units);
    }
}

/// <summary>
/// Numbers of the units that shares are resampled by: the clusters of both sides, or, where they are very many, groups of
/// them by a hash, which are as independent of each other as clusters are (random groups: Wolter 2007).
/// </summary>
internal sealed class ParityUnits
{
    public const int Most = 1 << 15;
    private readonly Dictionary<ulong, int> numbers = [];

    public ParityUnits(IEnumerable<ulong> keys)
    {
        foreach (var key in keys)
            if (numbers.Count <= Most)
                numbers.TryAdd(key, numbers.Count);
        AreGroups = numbers.Count > Most;
    }

    /// <summary>Whether units are groups of clusters.</summary>
    public bool AreGroups { get; }

    public int Of(ulong key) => AreGroups ? (int)(key % Most) : numbers[key];
}
