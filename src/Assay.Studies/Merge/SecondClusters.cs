using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The second kind of clusters of a split (items), which lie across the first: for each row its number, and weights of their own.</summary>
internal sealed class SecondClusters
{
    private SecondClusters(int[] ofRow, ClusterBootstrap bootstrap) => (OfRow, Bootstrap) = (ofRow, bootstrap);

    /// <summary>For each row of the split the number of its item.</summary>
    public int[] OfRow { get; }

    public ClusterBootstrap Bootstrap { get; }

    /// <summary>Those that a study asks for; null: none.</summary>
    public static SecondClusters? Read(StudyPlan plan, PreparedReader reader)
    {
        if (plan.Study.SecondCluster is null)
            return null;
        var keys = Array.ConvertAll(reader.ReadAll<long>(PreparedColumns.SecondKey), k => unchecked((ulong)k));
        ulong[] distinct = [.. keys.Distinct().Order()];
        var numbers = distinct.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i);
        // Weights of their own even where an item's key is that of a user.
        ulong[] drawn = Array.ConvertAll(distinct, k => StableHash.Combine("second cluster", k));
        return new(
            Array.ConvertAll(keys, k => numbers[k]),
            new ClusterBootstrap(drawn, plan.Study.Seed, plan.Study.Replicates)
        );
    }
}
