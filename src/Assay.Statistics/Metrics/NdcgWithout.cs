namespace Assay.Statistics;

/// <summary>
/// NDCG of a list without each of its items in turn: what an item does to the list it is in, whether as a relevant one or as one that stands
/// in front of others. O(n log n) for all of them; as <see cref="Ndcg"/>, ties share their ranks.
/// </summary>
public static class NdcgWithout
{
    /// <summary>NDCG@k of the list without item i, into <paramref name="values"/>[i]; NaN if nothing relevant is left.</summary>
    /// <param name="scores">One score for each item; higher is better.</param>
    /// <param name="gains">What each item is worth, at least 0.</param>
    /// <param name="k">The cut, at least 1.</param>
    /// <param name="values">Receives one number for each item.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Each(ReadOnlySpan<double> scores, ReadOnlySpan<double> gains, int k, Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        Check.Length(gains.Length, scores.Length);
        Check.Length(values.Length, scores.Length);
        var n = scores.Length;
        var discounts = new double[n + 1];
        for (var i = 0; i < n; i++)
            discounts[i + 1] = discounts[i] + (i < k ? 1 / Math.Log2(i + 2.0) : 0);
        Actual(scores, gains, discounts, values);
        Divide(gains, discounts, values);
    }

    // Items behind the missing one move up a rank; those tied with it share one rank less.
    private static void Actual(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> gains,
        double[] discounts,
        Span<double> values
    )
    {
        var n = scores.Length;
        var order = Order(scores);
        var shifted = new double[n + 1];
        for (var end = n; end > 0; )
        {
            var (start, tied) = Block(scores, gains, order, end);
            shifted[start] = shifted[end];
            if (start > 0)
                shifted[start] += tied / (end - start) * (discounts[end - 1] - discounts[start - 1]);
            end = start;
        }
        var above = 0.0;
        for (var start = 0; start < n; )
        {
            var end = start + 1;
            while (end < n && scores[order[end]] == scores[order[start]])
                end++;
            var tied = 0.0;
            for (var i = start; i < end; i++)
                tied += gains[order[i]];
            for (var i = start; i < end; i++)
            {
                var others =
                    end - start == 1
                        ? 0
                        : (tied - gains[order[i]]) / (end - start - 1) * (discounts[end - 1] - discounts[start]);
                values[order[i]] = above + others + shifted[end];
            }
            above += tied / (end - start) * (discounts[end] - discounts[start]);
            start = end;
        }
    }

    private static (int Start, double Gain) Block(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> gains,
        int[] order,
        int end
    )
    {
        var (start, gain) = (end, 0.0);
        for (; start > 0 && scores[order[start - 1]] == scores[order[end - 1]]; start--)
            gain += gains[order[start - 1]];
        return (start, gain);
    }

    // By the best order of what is left.
    private static void Divide(ReadOnlySpan<double> gains, double[] discounts, Span<double> values)
    {
        var n = gains.Length;
        var order = Order(gains);
        var (above, below) = (0.0, new double[n + 1]);
        for (var i = n - 1; i > 0; i--)
            below[i] = below[i + 1] + gains[order[i]] * (discounts[i] - discounts[i - 1]);
        for (var i = 0; i < n; i++)
        {
            var best = above + below[i + 1];
            values[order[i]] = best > 0 ? values[order[i]] / best : double.NaN;
            above += gains[order[i]] * (discounts[i + 1] - discounts[i]);
        }
    }

    private static int[] Order(ReadOnlySpan<double> descending)
    {
        var keys = new double[descending.Length];
        var order = new int[descending.Length];
        for (var i = 0; i < keys.Length; i++)
            (keys[i], order[i]) = (-descending[i], i);
        Array.Sort(keys, order);
        return order;
    }
}
