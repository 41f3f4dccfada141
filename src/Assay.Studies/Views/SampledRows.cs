using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Rows of whole clusters of the explained split, drawn in an order that depends on the seed and the clusters' keys alone.</summary>
internal sealed class SampledRows
{
    private readonly SplitData data;

    private SampledRows(SplitData data, int[] rows, IReadOnlyDictionary<string, TensorData> feeds) =>
        (this.data, Rows, Feeds) = (data, rows, feeds);

    /// <summary>Their numbers in the split, ascending.</summary>
    public int[] Rows { get; }

    public IReadOnlyDictionary<string, TensorData> Feeds { get; }

    public int Count => Rows.Length;

    public int Clusters => Rows.Select(r => data.Cluster[r]).Distinct().Count();

    /// <summary>For each row the key of its cluster.</summary>
    public ulong[] ClusterKeys => [.. Rows.Select(r => data.ClusterKeys[data.Cluster[r]])];

    /// <summary>For each row its cluster, from 0.</summary>
    public int[] ClusterNumbers => [.. Rows.Select(r => data.Cluster[r])];

    public double[] Labels => [.. Rows.Select(r => data.Label[r])];

    /// <summary>The places among the sampled rows of some rows of the split.</summary>
    public int[] Places(IReadOnlyList<int> ofSplit)
    {
        var wanted = ofSplit.ToHashSet();
        return [.. Enumerable.Range(0, Rows.Length).Where(i => wanted.Contains(Rows[i]))];
    }

    /// <summary>Whole clusters until the next would go beyond the budget; at least one.</summary>
    public static SampledRows OfClusters(ChainContext context, int budget)
    {
        var data = context.Splits[0];
        var sizes = new int[data.Split.Clusters];
        foreach (var cluster in data.Cluster)
            sizes[cluster]++;
        var taken = new bool[sizes.Length];
        var total = 0;
        foreach (var cluster in Order(data))
        {
            if (total > 0 && total + sizes[cluster] > budget)
                break;
            taken[cluster] = true;
            total += sizes[cluster];
        }
        return Read(context, [.. Enumerable.Range(0, data.Cluster.Length).Where(r => taken[data.Cluster[r]])]);
    }

    /// <summary>One row of each of so many clusters, which makes rows independent.</summary>
    public static SampledRows OneEach(ChainContext context, int count)
    {
        var data = context.Splits[0];
        var of = Enumerable.Range(0, data.Cluster.Length).ToLookup(r => data.Cluster[r]);
        var stream = StableHash.Of("row of a cluster");
        var rows = Order(data)
            .Take(count)
            .Select(c => of[c].ToArray())
            .Select((rows, i) => rows[CounterRandom.IntAt(data.Plan.Study.Seed, stream, (ulong)i, rows.Length)]);
        return Read(context, [.. rows.Order()]);
    }

    private static IEnumerable<int> Order(SplitData data)
    {
        var stream = StableHash.Of("views");
        return Enumerable
            .Range(0, data.Split.Clusters)
            .OrderBy(c => CounterRandom.UInt64At(data.Plan.Study.Seed, stream, data.ClusterKeys[c]))
            .ThenBy(c => c);
    }

    private static SampledRows Read(ChainContext context, int[] rows)
    {
        var (plan, data) = (context.Plan, context.Splits[0]);
        var feeds = plan.Binding.NewFeeds(rows.Length);
        using var reader = new PreparedReader(plan, data.Split);
        var next = 0;
        for (var g = 0; g < data.Split.Blocks.Count && next < rows.Length; g++)
        {
            var block = data.Split.Blocks[g];
            if (rows[next] >= block.Start + block.Rows)
                continue;
            var own = reader.Feeds(g);
            for (; next < rows.Length && rows[next] < block.Start + block.Rows; next++)
                foreach (var input in plan.Binding.Inputs)
                    Array.Copy(
                        own[input.Name].Values,
                        (rows[next] - block.Start) * input.Elements,
                        feeds[input.Name].Values,
                        next * input.Elements,
                        input.Elements
                    );
        }
        return new(data, rows, feeds);
    }
}
