namespace Assay.Statistics;

/// <summary>Rows in the order of their scores, and where runs of equal scores end.</summary>
internal static class ScoreOrder
{
    /// <summary>The rows by ascending score; equal scores in row order.</summary>
    public static int[] Ascending(ReadOnlySpan<double> scores)
    {
        Check.Ordered(scores, "score");
        var keys = scores.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        keys.AsSpan().Sort(order.AsSpan());
        // The sort is not stable; putting each run of ties in row order makes sums over it reproducible.
        for (var start = 0; start < order.Length; )
        {
            var end = EndOfTies(scores, order, start);
            if (end - start > 1)
                order.AsSpan(start..end).Sort();
            start = end;
        }
        return order;
    }

    /// <summary>One past the last position whose score equals that at <paramref name="start"/>.</summary>
    public static int EndOfTies(ReadOnlySpan<double> scores, ReadOnlySpan<int> order, int start)
    {
        var end = start + 1;
        while (end < order.Length && scores[order[end]] == scores[order[start]])
            end++;
        return end;
    }
}
