namespace Assay.Statistics;

/// <summary>
/// p-values adjusted for testing a family at once: reject where the adjusted value is at most the level. Undefined
/// p-values (NaN) stay so and do not count to the family.
/// </summary>
public static class MultipleTesting
{
    /// <summary>
    /// False discovery rate for independent or positively dependent tests (Benjamini and Hochberg 1995): for
    /// discovery.
    /// </summary>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> pValues) => StepUp(pValues, dependence: false);

    /// <summary>False discovery rate under any dependence (Benjamini and Yekutieli 2001).</summary>
    public static double[] BenjaminiYekutieli(ReadOnlySpan<double> pValues) => StepUp(pValues, dependence: true);

    /// <summary>Family-wise error under any dependence (Holm 1979): for decisions.</summary>
    public static double[] Holm(ReadOnlySpan<double> pValues)
    {
        var adjusted = Undefined(pValues.Length);
        var order = Ascending(pValues);
        var most = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            most = Math.Max(most, Math.Min(1, (order.Length - i) * pValues[order[i]]));
            adjusted[order[i]] = most;
        }
        return adjusted;
    }

    private static double[] StepUp(ReadOnlySpan<double> pValues, bool dependence)
    {
        var adjusted = Undefined(pValues.Length);
        var order = Ascending(pValues);
        var factor = (double)order.Length;
        if (dependence)
        {
            var harmonic = 0.0;
            for (var i = 1; i <= order.Length; i++)
                harmonic += 1.0 / i;
            factor *= harmonic;
        }
        var least = 1.0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, factor / (i + 1) * pValues[order[i]]);
            adjusted[order[i]] = least;
        }
        return adjusted;
    }

    private static int[] Ascending(ReadOnlySpan<double> pValues)
    {
        var order = new List<int>(pValues.Length);
        for (var i = 0; i < pValues.Length; i++)
        {
            if (double.IsNaN(pValues[i]))
                continue;
            if (!(pValues[i] >= 0 && pValues[i] <= 1))
                throw new ArgumentException($"The p-value {i} is {pValues[i]}, not in 0 .. 1.");
            order.Add(i);
        }
        var keys = new double[order.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = pValues[order[i]];
        int[] sorted = [.. order];
        Array.Sort(keys, sorted);
        return sorted;
    }

    private static double[] Undefined(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
