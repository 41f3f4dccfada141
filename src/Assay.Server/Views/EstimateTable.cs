using System.Runtime.InteropServices;
using Assay.Studies;
using DuckDB.NET.Data;

namespace Assay.Server;

/// <summary>One estimate as the views use it; NaN and 0 ranks mean none.</summary>
internal readonly record struct EstimateCell(
    double Value,
    double Low,
    double High,
    double StandardError,
    double PValue,
    double PAdjusted,
    int Rank,
    int RankLow,
    int RankHigh,
    int Rows,
    int Clusters,
    string Replicated,
    string Status
)
{
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>What a block of estimates has in common.</summary>
internal readonly record struct BlockKey(string Estimand, string Method, string Split, string Dimension);

/// <summary>The estimates of one quantity along one dimension: segments × features, with gaps.</summary>
internal sealed class EstimateBlock
{
    private readonly EstimateCell[] cells;
    private readonly int[] grid;
    private readonly Dictionary<string, int> segmentAt = [];
    private readonly Dictionary<string, int> featureAt = [];

    public EstimateBlock(IReadOnlyList<(string Segment, string Label, string Feature, EstimateCell Cell)> rows)
    {
        foreach (var row in rows)
        {
            if (segmentAt.TryAdd(row.Segment, Segments.Count))
                Segments.Add(new(row.Segment, row.Label));
            if (featureAt.TryAdd(row.Feature, Features.Count))
                Features.Add(row.Feature);
        }
        cells = new EstimateCell[rows.Count];
        grid = new int[Segments.Count * Features.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            cells[i] = rows[i].Cell;
            ref var at = ref grid[segmentAt[rows[i].Segment] * Features.Count + featureAt[rows[i].Feature]];
            // The first of several heads or baselines counts, as in the report.
            if (at == 0)
                at = i + 1;
        }
    }

    /// <summary>Segments in the order of the file.</summary>
    public List<Ref> Segments { get; } = [];

    /// <summary>Features in the order of the file; "" for the model as a whole.</summary>
    public List<string> Features { get; } = [];

    public EstimateCell? this[string segment, string feature] =>
        segmentAt.TryGetValue(segment, out var s)
        && featureAt.TryGetValue(feature, out var f)
        && grid[s * Features.Count + f] is > 0 and var at
            ? cells[at - 1]
            : null;
}

/// <summary>All estimates of a run in memory: a run of 39 features × 200 segments takes some tens of megabytes.</summary>
internal sealed class EstimateTable
{
    private readonly Dictionary<BlockKey, EstimateBlock> blocks;
    private readonly ILookup<string, BlockKey> byEstimand;

    private EstimateTable(Dictionary<BlockKey, EstimateBlock> blocks, Dictionary<string, string> groups)
    {
        (this.blocks, Groups) = (blocks, groups);
        byEstimand = blocks.Keys.ToLookup(k => k.Estimand);
    }

    /// <summary>Groups of features, as the study wrote them.</summary>
    public IReadOnlyDictionary<string, string> Groups { get; }

    public IEnumerable<BlockKey> Keys => blocks.Keys;

    public EstimateBlock? Find(string estimand, string method, string split, string dimension) =>
        blocks.GetValueOrDefault(new(estimand, method, split, dimension));

    /// <summary>The methods, splits and dimensions of a quantity, in the order of the file.</summary>
    public IEnumerable<BlockKey> Of(string estimand) => byEstimand[estimand];

    /// <summary>Over all rows.</summary>
    public EstimateCell? Overall(string estimand, string method, string split, string feature = "") =>
        Find(estimand, method, split, SegmentBuilder.Overall)?[SegmentBuilder.All, feature];

    public static EstimateTable Read(string path)
    {
        using var duck = Duck.Open();
        var rows = new Dictionary<BlockKey, List<(string, string, string, EstimateCell)>>();
        var groups = new Dictionary<string, string>();
        var known = new Dictionary<string, string>();
        duck.Read(
            $"SELECT estimand, method, split, segment_dimension, segment, segment_label, feature, feature_group, replicated, status, value, ci_low, ci_high, standard_error, p_value, p_adjusted, rank, rank_low, rank_high, rows, clusters FROM read_parquet({Sql.Text(path)})",
            r =>
            {
                string Text(int i) => r.IsDBNull(i) ? "" : Same(known, r.GetString(i));
                var key = new BlockKey(Text(0), Text(1), Text(2), Text(3));
                ref var block = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, key, out _);
                (block ??= []).Add((Text(4), Text(5), Text(6), Cell(r, Text(8), Text(9))));
                if (Text(7) is { Length: > 0 } group)
                    groups.TryAdd(Text(6), group);
            }
        );
        return new(rows.ToDictionary(b => b.Key, b => new EstimateBlock(b.Value)), groups);
    }

    private static EstimateCell Cell(DuckDBDataReader r, string replicated, string status)
    {
        double Number(int i) => r.IsDBNull(i) ? double.NaN : r.GetDouble(i);
        int Whole(int i) => r.IsDBNull(i) ? 0 : r.GetInt32(i);
        return new(
            Number(10),
            Number(11),
            Number(12),
            Number(13),
            Number(14),
            Number(15),
            Whole(16),
            Whole(17),
            Whole(18),
            Whole(19),
            Whole(20),
            replicated,
            status
        );
    }

    // A text is kept once, however many rows have it.
    private static string Same(Dictionary<string, string> known, string text)
    {
        if (known.TryGetValue(text, out var same))
            return same;
        known.Add(text, text);
        return text;
    }
}
