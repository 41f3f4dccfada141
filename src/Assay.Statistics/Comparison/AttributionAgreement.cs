namespace Assay.Statistics;

/// <summary>
/// Agreement of two attributions of the same row: the six measures of Krishna et al., "The disagreement problem in
/// explainable machine learning" (arXiv 2202.01602), each 1 for identical attributions. Features are ranked by the size of their
/// attribution, largest first, equal sizes in the order of the features.
/// </summary>
public static class AttributionAgreement
{
    /// <summary>The share of the top-k features that both have, |A ∩ B| / k.</summary>
    /// <exception cref="ArgumentException">The lengths differ, a value is NaN, or k is not in 1 .. length; so of all measures here.</exception>
    public static double FeatureAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k) =>
        TopAt(x, y, k, sameRank: false, sameSign: false);

    /// <summary>The share of the top-k features that both have at the same rank.</summary>
    public static double RankAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k) =>
        TopAt(x, y, k, sameRank: true, sameSign: false);

    /// <summary>The share of the top-k features that both have with the same sign.</summary>
    public static double SignAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k) =>
        TopAt(x, y, k, sameRank: false, sameSign: true);

    /// <summary>The share of the top-k features that both have at the same rank with the same sign.</summary>
    public static double SignedRankAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k) =>
        TopAt(x, y, k, sameRank: true, sameSign: true);

    /// <summary>Spearman's ρ of the sizes, over all features; NaN where a side has all sizes equal.</summary>
    public static double RankCorrelation(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        Statistics.RankCorrelation.Spearman(Sizes(x), Sizes(y));

    /// <summary>
    /// The share of pairs of features that both put in the same order by size; a pair equal in one of them agrees only where it
    /// is equal in both. NaN below two features.
    /// </summary>
    public static double PairwiseRank(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Require(x, y);
        double[] a = Sizes(x),
            b = Sizes(y);
        long same = 0;
        for (var i = 0; i < a.Length; i++)
        for (var j = i + 1; j < a.Length; j++)
            if (a[i].CompareTo(a[j]) == b[i].CompareTo(b[j]))
                same++;
        return same / (a.Length * (a.Length - 1L) / 2.0);
    }

    /// <summary>The features in the order of the size of their attribution, largest first.</summary>
    public static int[] BySize(ReadOnlySpan<double> attributions)
    {
        var sizes = Sizes(attributions);
        return [.. Enumerable.Range(0, sizes.Length).OrderByDescending(i => sizes[i])];
    }

    private static double TopAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k, bool sameRank, bool sameSign)
    {
        Require(x, y);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, x.Length);
        int[] first = BySize(x),
            second = BySize(y);
        var agreeing = 0;
        for (var r = 0; r < k; r++)
        {
            var feature = first[r];
            var found = sameRank ? second[r] == feature : Array.IndexOf(second, feature, 0, k) >= 0;
            if (found && (!sameSign || Math.Sign(x[feature]) == Math.Sign(y[feature])))
                agreeing++;
        }
        return (double)agreeing / k;
    }

    private static double[] Sizes(ReadOnlySpan<double> values)
    {
        var sizes = new double[values.Length];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Abs(values[i]);
        return sizes;
    }

    private static void Require(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check.Length(y.Length, x.Length);
        Check.Ordered(x, "first attribution");
        Check.Ordered(y, "second attribution");
    }
}
