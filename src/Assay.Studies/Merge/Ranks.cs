using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Ranks of the features of one segment by one estimand, with intervals from the shared replicates.</summary>
internal static class Ranks
{
    /// <summary>Rank and its 95 % interval for each feature; 1 is the strongest. Signed means rank by size.</summary>
    public static (int Rank, int Low, int High)[] Of(IReadOnlyList<Replicated> features)
    {
        var count = features.Count;
        var bySize = count > 0 && features[0].Estimate.Estimand == Estimands.MeanAttribution;
        var rank = Rank([.. features.Select(f => Key(f.Estimate.Value, bySize))]);
        var replicates = count == 0 ? 0 : features[0].Replicates.Length;
        var ranks = new double[count][];
        for (var f = 0; f < count; f++)
            ranks[f] = new double[replicates];
        var keys = new double[count];
        var used = 0;
        for (var r = 0; r < replicates; r++)
        {
            for (var f = 0; f < count; f++)
                keys[f] = Key(features[f].Replicates[r], bySize);
            if (keys.Any(double.IsNaN))
                continue;
            var now = Rank(keys);
            for (var f = 0; f < count; f++)
                ranks[f][used] = now[f];
            used++;
        }
        var result = new (int, int, int)[count];
        for (var f = 0; f < count; f++)
        {
            var sorted = ranks[f].AsSpan(0, used);
            sorted.Sort();
            result[f] =
                used == 0
                    ? (rank[f], 1, count)
                    : (
                        rank[f],
                        (int)Math.Floor(Intervals.Quantile(sorted, 0.025)),
                        (int)Math.Ceiling(Intervals.Quantile(sorted, 0.975))
                    );
        }
        return result;
    }

    /// <summary>The rank of each value, 1 the largest (by size: in absolute value).</summary>
    public static int[] Of(double[] values, bool bySize) => Rank(Array.ConvertAll(values, v => Key(v, bySize)));

    private static double Key(double value, bool bySize) => bySize ? Math.Abs(value) : value;

    private static int[] Rank(double[] keys)
    {
        // Ties keep the order of the dictionary.
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is var c and not 0 ? c : a.CompareTo(b));
        var rank = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i + 1;
        return rank;
    }
}
