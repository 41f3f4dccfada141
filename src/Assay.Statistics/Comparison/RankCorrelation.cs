namespace Assay.Statistics;

/// <summary>Agreement of two scorings of the same items.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// Kendall's τ-b, ties allowed for (Kendall 1945), in [−1, 1]; NaN if a scoring is constant. O(n²): meant for
    /// features, not for rows.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or a value is NaN.</exception>
    public static double KendallTauB(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        CheckPair(x, y);
        long concordant = 0,
            discordant = 0,
            onlyX = 0,
            onlyY = 0;
        for (var i = 0; i < x.Length; i++)
        for (var j = i + 1; j < x.Length; j++)
        {
            var dx = x[i].CompareTo(x[j]);
            var dy = y[i].CompareTo(y[j]);
            if (dx * dy > 0)
                concordant++;
            else if (dx * dy < 0)
                discordant++;
            else if (dx != 0)
                onlyX++;
            else if (dy != 0)
                onlyY++;
        }
        // The factors under the root count the pairs not tied in x and those not tied in y.
        double untied = concordant + discordant;
        return (concordant - discordant) / Math.Sqrt((untied + onlyX) * (untied + onlyY));
    }

    /// <summary>
    /// Spearman's ρ: the correlation of the ranks, tied values at their mean rank; NaN if a scoring is constant.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or a value is NaN.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        CheckPair(x, y);
        double[] rankX = MeanRanks(x),
            rankY = MeanRanks(y);
        var centre = (x.Length + 1) / 2.0;
        double xy = 0,
            xx = 0,
            yy = 0;
        for (var i = 0; i < rankX.Length; i++)
        {
            var (a, b) = (rankX[i] - centre, rankY[i] - centre);
            xy += a * b;
            xx += a * a;
            yy += b * b;
        }
        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>The ranks from 1 (smallest) to n, tied values at their mean rank.</summary>
    public static double[] MeanRanks(ReadOnlySpan<double> values)
    {
        var order = ScoreOrder.Ascending(values);
        var ranks = new double[order.Length];
        for (var start = 0; start < order.Length; )
        {
            var end = ScoreOrder.EndOfTies(values, order, start);
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }
        return ranks;
    }

    private static void CheckPair(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check.Length(y.Length, x.Length);
        Check.Ordered(x, "first score");
        Check.Ordered(y, "second score");
    }
}
