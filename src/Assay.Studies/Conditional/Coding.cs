using MathNet.Numerics.Distributions;

namespace Assay.Studies;

/// <summary>Values of features as numbers that a linear model can use.</summary>
internal static class Coding
{
    public const int MostCategories = 12;

    /// <summary>Columns of a feature, a value for each unit: ranks on the normal scale, ids as one column for each frequent one.</summary>
    /// <param name="elements">The elements of the feature, a value for each row.</param>
    /// <param name="entry">What it is.</param>
    /// <param name="units">The units.</param>
    /// <param name="constant">Whether it is the same in all rows of a unit; else means over these are taken.</param>
    public static IEnumerable<double[]> Columns(double[][] elements, FeatureEntry entry, Units units, bool constant)
    {
        double[] OfUnits(double[] rows) => constant ? units.Take(rows) : units.Mean(rows);
        if (!entry.HasIds)
            return elements.Select(e => constant ? NormalScores(units.Take(e)) : units.Mean(NormalScores(e)));
        var padding = entry.IsList ? entry.PaddingId : null;
        var columns = Frequent(elements, padding).Select(id => OfUnits(Share(elements, v => v == id)));
        return padding is { } empty ? columns.Prepend(OfUnits(Share(elements, v => v != empty))) : columns;
    }

    /// <summary>Ranks as quantiles of the normal distribution; ties share their middle.</summary>
    public static double[] NormalScores(double[] values)
    {
        var n = values.Length;
        var ranks = MiddleRanks(values);
        return Array.ConvertAll(ranks, r => Normal.InvCDF(0, 1, r / n));
    }

    /// <summary>Ranks between 0 and n, ties at their middle: (number below + number up to) / 2.</summary>
    public static double[] MiddleRanks(double[] values)
    {
        var order = Order(values);
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length; )
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end) / 2.0;
            start = end;
        }
        return ranks;
    }

    /// <summary>Indices in ascending order of their values, ties in order of the indices.</summary>
    public static int[] Order(double[] values)
    {
        var keys = (double[])values.Clone();
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(keys, order);
        for (var start = 0; start < order.Length; )
        {
            var end = start + 1;
            while (end < order.Length && keys[end] == keys[start])
                end++;
            Array.Sort(order, start, end - start);
            start = end;
        }
        return order;
    }

    /// <summary>The most frequent values, at most twelve, the more frequent and then the smaller first.</summary>
    public static double[] Frequent(double[][] elements, double? except)
    {
        var counts = new Dictionary<double, int>();
        foreach (var element in elements)
        foreach (var value in element)
            if (value != except)
                counts[value] = counts.GetValueOrDefault(value) + 1;
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostCategories).Select(c => c.Key)];
    }

    private static double[] Share(double[][] elements, Func<double, bool> counts)
    {
        var share = new double[elements[0].Length];
        foreach (var element in elements)
            for (var r = 0; r < share.Length; r++)
                share[r] += counts(element[r]) ? 1.0 / elements.Length : 0;
        return share;
    }
}
