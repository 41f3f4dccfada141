using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>Which rows are explained and which row each is compared with.</summary>
/// <param name="Rows">Numbers of the rows explained.</param>
/// <param name="Others">For each the number of the row it is compared with.</param>
internal sealed record Opponents(int[] Rows, int[] Others)
{
    /// <summary>
    /// Clusters are paired, and the rows of one compared with rows of the other. No cluster is in two pairs, so pairs are
    /// independent and the standard error over them is honest; nothing is lost, for a row and its donor count alike.
    /// </summary>
    public static Opponents Paired(RowClusters clusters, int atMost, ulong seed)
    {
        var random = new CounterRandom(seed, "interaction-detection");
        var order = random.Permutation(clusters.Count);
        var members = new List<int>[clusters.Count];
        for (var r = 0; r < clusters.Rows; r++)
            (members[clusters.OfRow[r]] ??= []).Add(r);
        List<int> rows = [],
            others = [];
        for (var i = 0; i + 1 < order.Length && rows.Count < atMost; i += 2)
            foreach (var row in members[order[i]])
            {
                var donors = members[order[i + 1]];
                rows.Add(row);
                others.Add(donors[random.NextInt(donors.Count)]);
            }
        return new([.. rows], [.. others]);
    }

    /// <summary>Each of some rows against one of a background, drawn by chance.</summary>
    public static Opponents Of(int[] rows, int background, ulong seed)
    {
        var random = new CounterRandom(seed, "interaction-detection");
        return new(rows, [.. rows.Select(_ => random.NextInt(background))]);
    }
}
