namespace Assay.Attribution.Counterfactuals;

/// <summary>Sets of a size, in lexicographic order of places.</summary>
internal static class Combinations
{
    /// <summary>Every set of <paramref name="size"/> places of 0 to n − 1; the array is used again for the next.</summary>
    public static IEnumerable<int[]> Of(int n, int size)
    {
        if (size > n)
            yield break;
        var set = Enumerable.Range(0, size).ToArray();
        while (true)
        {
            yield return set;
            var i = size - 1;
            while (i >= 0 && set[i] == n - size + i)
                i--;
            if (i < 0)
                yield break;
            set[i]++;
            for (var j = i + 1; j < size; j++)
                set[j] = set[j - 1] + 1;
        }
    }

    /// <summary>How many there are; <see cref="long.MaxValue"/> where too many to count.</summary>
    public static long Count(int n, int size)
    {
        if (size > n)
            return 0;
        var count = 1L;
        for (var i = 1; i <= size; i++)
        {
            if (count > long.MaxValue / n)
                return long.MaxValue;
            count = count * (n - size + i) / i;
        }
        return count;
    }
}
