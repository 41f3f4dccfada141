using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>Which cluster each row belongs to, and the sums and intervals over clusters.</summary>
internal sealed class RowClusters
{
    private readonly ulong[] keys;
    private readonly int[] ofRow;

    private RowClusters(ulong[] keys, int[] ofRow) => (this.keys, this.ofRow) = (keys, ofRow);

    public int Count => keys.Length;

    public int Rows => ofRow.Length;

    /// <summary>The cluster of each row.</summary>
    public ReadOnlySpan<int> OfRow => ofRow;

    /// <summary>Clusters in the order of their first row; without keys each row is one.</summary>
    public static RowClusters Of(IReadOnlyList<ulong>? rowKeys, int rows)
    {
        var numbers = new Dictionary<ulong, int>();
        var ofRow = new int[rows];
        for (var r = 0; r < rows; r++)
        {
            var key = rowKeys?[r] ?? (ulong)r;
            if (!numbers.TryGetValue(key, out ofRow[r]))
                numbers[key] = ofRow[r] = numbers.Count;
        }
        return new([.. numbers.Keys], ofRow);
    }

    /// <summary>The clusters of some of the rows.</summary>
    public RowClusters Take(IReadOnlyList<int> rows) => Of([.. rows.Select(r => keys[ofRow[r]])], rows.Count);

    /// <summary>Sums of one value per row over each cluster.</summary>
    public double[] Sums(Func<int, double> ofEachRow)
    {
        var sums = new double[keys.Length];
        for (var r = 0; r < ofRow.Length; r++)
            sums[ofRow[r]] += ofEachRow(r);
        return sums;
    }

    public ClusterBootstrap Bootstrap(ulong seed, int replicates) => new(keys, seed, replicates);
}
