namespace Assay.Statistics;

/// <summary>What a relevance is worth.</summary>
public enum Gain
{
    /// <summary>2^relevance − 1; of a binary label the label itself (Burges et al. 2005).</summary>
    Exponential,

    /// <summary>The relevance (Järvelin and Kekäläinen 2002).</summary>
    Linear,
}

/// <summary>
/// Normalised discounted cumulative gain of a list cut at k: Σ gain(r) / log₂(r + 1) over ranks r ≤ k, divided by that
/// of the best order. Items with equal scores share the ranks they occupy: the expected value over random orders of
/// ties (McSherry and Najork, "Computing information retrieval performance measures efficiently in the presence of tied
/// scores", ECIR 2008).
/// </summary>
public static class Ndcg
{
    private const int StackRows = 256;
    private static readonly double[] Discounts = MakeDiscounts(1024);

    /// <summary>NDCG@k of one list; NaN if nothing in it is relevant (leave such lists out of a mean).</summary>
    /// <param name="scores">One score for each item; higher is better.</param>
    /// <param name="relevances">One relevance for each item, at least 0.</param>
    /// <param name="k">The cut, at least 1; beyond the list's length it has no effect.</param>
    /// <param name="gain">What a relevance is worth.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN or a relevance negative.</exception>
    public static double Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> relevances,
        int k = int.MaxValue,
        Gain gain = Gain.Exponential
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        Check.Length(relevances.Length, scores.Length);
        Check.Ordered(scores, "score");
        var items = scores.Length;
        var gains = items <= StackRows ? stackalloc double[items] : new double[items];
        var keys = items <= StackRows ? stackalloc double[items] : new double[items];
        for (var i = 0; i < items; i++)
        {
            if (!(relevances[i] >= 0))
                throw new ArgumentException($"The relevance of item {i} is {relevances[i]}; it is at least 0.");
            gains[i] = gain == Gain.Linear ? relevances[i] : Math.Pow(2, relevances[i]) - 1;
            // Negated, so that an ascending sort puts the best first.
            keys[i] = -scores[i];
        }
        keys.Sort(gains);
        var actual = ExpectedDcg(keys, gains, k);
        gains.Sort();
        gains.Reverse();
        var best = 0.0;
        for (var i = 0; i < Math.Min(k, items); i++)
            best += gains[i] * Discount(i);
        return best > 0 ? actual / best : double.NaN;
    }

    /// <summary>NDCG@k of each group's list (NaN where nothing is relevant), into <paramref name="values"/>.</summary>
    public static void PerGroup(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> relevances,
        RowGroups groups,
        int k,
        Span<double> values,
        Gain gain = Gain.Exponential
    )
    {
        Check.Length(scores.Length, groups.RowCount);
        Check.Length(relevances.Length, groups.RowCount);
        Check.Length(values.Length, groups.Count);
        var buffer = new double[2 * groups.Largest].AsSpan();
        for (var group = 0; group < groups.Count; group++)
        {
            var listScores = groups.Take(scores, group, buffer);
            values[group] = Of(listScores, groups.Take(relevances, group, buffer[groups.Largest..]), k, gain);
        }
    }

    private static double ExpectedDcg(ReadOnlySpan<double> keys, ReadOnlySpan<double> gains, int k)
    {
        var sum = 0.0;
        for (var start = 0; start < keys.Length && start < k; )
        {
            double tiedGain = 0,
                discount = 0;
            var end = start;
            for (; end < keys.Length && keys[end] == keys[start]; end++)
            {
                tiedGain += gains[end];
                if (end < k)
                    discount += Discount(end);
            }
            sum += tiedGain / (end - start) * discount;
            start = end;
        }
        return sum;
    }

    private static double Discount(int index) =>
        index < Discounts.Length ? Discounts[index] : 1 / Math.Log2(index + 2.0);

    private static double[] MakeDiscounts(int count)
    {
        var discounts = new double[count];
        for (var i = 0; i < count; i++)
            discounts[i] = 1 / Math.Log2(i + 2.0);
        return discounts;
    }
}
