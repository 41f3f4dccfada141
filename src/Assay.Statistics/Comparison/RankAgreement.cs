namespace Assay.Statistics;

/// <summary>Agreement of two rankings given as item numbers, best first, each item at most once.</summary>
public static class RankAgreement
{
    /// <summary>Jaccard's index of the two top-k sets, |A ∩ B| / |A ∪ B| in [0, 1].</summary>
    /// <exception cref="ArgumentException">A ranking is shorter than k or names an item twice.</exception>
    public static double JaccardAt(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int k)
    {
        var common = CommonAt(first, second, k);
        return common / (2.0 * k - common);
    }

    /// <summary>
    /// Kuncheva's consistency of the two top-k sets of n items, (|A ∩ B| n − k²) / (k (n − k)): 1 for the same set, 0
    /// for chance (Kuncheva, "A stability index for feature selection", 2007). NaN if k = n.
    /// </summary>
    /// <exception cref="ArgumentException">A ranking is shorter than k or names an item twice; n is below
    /// k.</exception>
    public static double KunchevaAt(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int k, int items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, k);
        double common = CommonAt(first, second, k),
            size = k;
        return k == items ? double.NaN : (common * items - size * size) / (size * (items - size));
    }

    /// <summary>
    /// Rank-biased overlap, extrapolated beyond the shorter ranking (RBO_EXT, equation 32 of Webber, Moffat and Zobel,
    /// "A similarity measure for indefinite rankings", TOIS 2010), in [0, 1]. The lengths may differ.
    /// </summary>
    /// <param name="first">Items, best first.</param>
    /// <param name="second">Items, best first.</param>
    /// <param name="persistence">How likely the reader goes on to the next rank, in (0, 1); 0.9 puts 86 % of the
    /// weight on the first ten.</param>
    /// <exception cref="ArgumentException">A ranking is empty or names an item twice.</exception>
    public static double RankBiasedOverlap(ReadOnlySpan<int> first, ReadOnlySpan<int> second, double persistence = 0.9)
    {
        if (!(persistence > 0 && persistence < 1))
            throw new ArgumentOutOfRangeException(
                nameof(persistence),
                persistence,
                "The persistence lies between 0 and 1."
            );
        if (first.IsEmpty || second.IsEmpty)
            throw new ArgumentException("A ranking without items cannot be compared.");
        var shorter = first.Length <= second.Length ? first : second;
        var longer = first.Length <= second.Length ? second : first;
        int s = shorter.Length,
            l = longer.Length;
        var seen = new HashSet<int>();
        var overlaps = new int[l + 1];
        for (var d = 1; d <= l; d++)
        {
            overlaps[d] = overlaps[d - 1] + Meet(seen, longer[d - 1]);
            if (d <= s)
                overlaps[d] += Meet(seen, shorter[d - 1]);
        }
        CheckDistinct(shorter);
        CheckDistinct(longer);
        double sum = 0,
            power = 1;
        for (var d = 1; d <= l; d++)
        {
            power *= persistence;
            sum += (double)overlaps[d] / d * power;
            if (d > s)
                sum += (double)overlaps[s] * (d - s) / ((double)s * d) * power;
        }
        var beyond = (double)(overlaps[l] - overlaps[s]) / l + (double)overlaps[s] / s;
        return (1 - persistence) / persistence * sum + beyond * power;
    }

    // An item met a second time was in the other ranking before (each ranking names it once).
    private static int Meet(HashSet<int> seen, int item) => seen.Add(item) ? 0 : 1;

    private static int CommonAt(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (first.Length < k || second.Length < k)
            throw new ArgumentException(
                $"The first {k} of rankings of {first.Length} and {second.Length} are not there."
            );
        CheckDistinct(second[..k]);
        var set = CheckDistinct(first[..k]);
        var common = 0;
        foreach (var item in second[..k])
            common += set.Contains(item) ? 1 : 0;
        return common;
    }

    private static HashSet<int> CheckDistinct(ReadOnlySpan<int> ranking)
    {
        var set = new HashSet<int>();
        foreach (var item in ranking)
        {
            if (!set.Add(item))
                throw new ArgumentException($"The ranking names item {item} twice.");
        }
        return set;
    }
}
