namespace Assay.Studies;

/// <summary>
/// Which way a number works: the slope of its attribution over its rank among the segment's rows (0 the lowest, 1 the highest), so what the
/// score moves by from its lowest to its highest values. Least squares, weighted, bootstrapped over clusters with ranks held.
/// </summary>
internal static class AttributionSlope
{
    private const int Columns = 5;

    public static Estimate? Of(ChainContext chain, SplitData data, string feature, string dimension, string name)
    {
        var segment = data.Segments.FirstOrDefault(s => s.Dimension == dimension && s.Name == name);
        if (segment is null || !data.IsShown(segment))
            return null;
        var plan = chain.Plan;
        using var reader = new PreparedReader(plan, data.Split);
        var values = segment.Take(reader.ReadAllValues(plan.Features.First(f => f.Entry.Name == feature), 0));
        var attributions = data.BlockColumn(plan.AttributionPath, BlockColumns.Attribution(plan, 0, feature));
        var ranks = Ranks(values);
        var n = segment.Clusters.Length;
        var sums = new double[Columns * n];
        for (var i = 0; i < ranks.Length; i++)
        {
            var (c, w, x, y) = (segment.Local[i], segment.Weights[i], ranks[i], (double)attributions[segment.Rows[i]]);
            sums[c] += w;
            sums[n + c] += w * x;
            sums[2 * n + c] += w * y;
            sums[3 * n + c] += w * x * x;
            sums[4 * n + c] += w * x * y;
        }
        var count = data.Bootstrap.Replicates;
        var replicated = new double[Columns * count];
        data.Bootstrap.Sums(segment.Clusters, sums, replicated);
        var replicates = new double[count];
        for (var r = 0; r < count; r++)
            replicates[r] = Slope([.. Enumerable.Range(0, Columns).Select(k => replicated[k * count + r])]);
        var value = Slope([.. Enumerable.Range(0, Columns).Select(k => sums.AsSpan(k * n, n).ToArray().Sum())]);
        if (double.IsNaN(value))
            return null;
        return new EstimateMaker(data, chain.Head).Make(
            segment,
            HypothesisScorer.Direction,
            plan.PerRow[0].Id,
            SplitData.Drawn(segment, value, replicates, null, () => ByRow(segment, ranks, attributions, value)),
            tested: true
        ) with
        {
            Feature = feature,
            Space = plan.Study.Space,
            Baseline = plan.Study.Baseline.Name,
        };
    }

    // Of a weighted least squares slope: w (x − mean) · residual / Σ w (x − mean)².
    private static double[] ByRow(SegmentRows segment, double[] ranks, float[] attributions, double slope)
    {
        double weight = 0,
            x = 0,
            y = 0,
            spread = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            weight += segment.Weights[i];
            x += segment.Weights[i] * ranks[i];
            y += segment.Weights[i] * attributions[segment.Rows[i]];
        }
        (x, y) = (x / weight, y / weight);
        for (var i = 0; i < ranks.Length; i++)
            spread += segment.Weights[i] * (ranks[i] - x) * (ranks[i] - x);
        var influence = new double[ranks.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            var residual = attributions[segment.Rows[i]] - y - slope * (ranks[i] - x);
            influence[i] = segment.Weights[i] * (ranks[i] - x) * residual / spread;
        }
        return influence;
    }

    private static double Slope(double[] s)
    {
        var (w, x, y, xx, xy) = (s[0], s[1], s[2], s[3], s[4]);
        var spread = w * xx - x * x;
        // A number that is the same in all rows has no slope.
        return w <= 0 || spread <= 1e-12 * w * w ? double.NaN : (w * xy - x * y) / spread;
    }

    /// <summary>Mid-ranks from 0 to 1.</summary>
    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort([.. values], order);
        var ranks = new double[values.Length];
        for (var i = 0; i < order.Length; )
        {
            var j = i;
            while (j + 1 < order.Length && values[order[j + 1]] == values[order[i]])
                j++;
            for (var k = i; k <= j; k++)
                ranks[order[k]] = (i + j) / 2.0 / Math.Max(1, order.Length - 1);
            i = j + 1;
        }
        return ranks;
    }
}
