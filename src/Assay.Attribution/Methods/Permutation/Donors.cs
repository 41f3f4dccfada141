using Assay.Statistics;

namespace Assay.Attribution;

/// <summary>Which row donates the values of a permuted feature to which row.</summary>
public static class Donors
{
    /// <summary>
    /// For each row the index of its donor. Units (all rows with one key: a user, a request, a row) are permuted as wholes:
    /// every row of a unit gets its values from the first row of one other unit. The permutation depends on the seed, the
    /// feature, the repeat and the order in which units first appear, and on nothing else.
    /// </summary>
    /// <param name="unitKeys">Key of the unit at which the feature varies, for each row.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="feature">Name of the feature or group.</param>
    /// <param name="repeat">Number of the repeat, from 0.</param>
    public static int[] Assign(ReadOnlySpan<ulong> unitKeys, ulong seed, string feature, int repeat)
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
        var stream = StableHash.Combine(StableHash.Of("permutation/" + feature), StableHash.Of((long)repeat));
        var donor = Enumerable.Range(0, firstRow.Count).ToArray();
        new CounterRandom(seed, stream).Shuffle(donor.AsSpan());
        var result = new int[unit.Length];
        for (var r = 0; r < result.Length; r++)
            result[r] = firstRow[donor[unit[r]]];
        return result;
    }
}
