using Assay.Statistics;

namespace Assay.Attribution;

/// <summary>Which row donates the values of a permuted feature to which row.</summary>
public static class Donors
{
    /// <summary>
    /// For each row the index of its donor. Units (all rows with one key: a user, a request, a row) are permuted as wholes:
    /// every row of a unit gets its values from the first row of one unit, which may be its own. The permutation
    /// depends on the seed, the feature, the repeat and the order in which units first appear, and on nothing else.
    /// </summary>
    /// <param name="unitKeys">Key of the unit at which the feature varies, for each row.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="feature">Name of the feature or group.</param>
    /// <param name="repeat">Number of the repeat, from 0.</param>
    public static int[] Assign(ReadOnlySpan<ulong> unitKeys, ulong seed, string feature, int repeat)
    {
        var stream = StableHash.Combine(StableHash.Of("permutation/" + feature), StableHash.Of((long)repeat));
        return Assign(unitKeys, new CounterRandom(seed, stream));
    }

    /// <summary>The same, the order of the units drawn from a stream of the caller's.</summary>
    public static int[] Assign(ReadOnlySpan<ulong> unitKeys, CounterRandom random)
    {
        var unitOf = new Dictionary<ulong, int>();
        var firstRow = new List<int>();
        var unit = new int[unitKeys.Length];
        for (var r = 0; r < unitKeys.Length; r++)
        {
            if (!unitOf.TryGetValue(unitKeys[r], out unit[r]))
            {
                unitOf[unitKeys[r]] = unit[r] = firstRow.Count;
                firstRow.Add(r);
            }
        }
        var donor = random.Permutation(firstRow.Count);
        return Array.ConvertAll(unit, u => firstRow[donor[u]]);
    }
}
