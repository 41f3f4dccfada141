using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What is made of several replicate sets that share their weights.</summary>
internal static class Replicates
{
    /// <summary>Replicates of Σ weight · estimate; undefined where one of them is.</summary>
    public static double[] Combine(IReadOnlyList<float[]> sets, ReadOnlySpan<double> weights)
    {
        var length = sets.Min(s => s.Length);
        var sum = new double[length];
        for (var s = 0; s < sets.Count; s++)
        {
            if (weights[s] == 0)
                continue;
            for (var r = 0; r < length; r++)
                sum[r] += weights[s] * sets[s][r];
        }
        return sum;
    }

    /// <summary>Correlations over the replicates in which all are defined; 0 where one does not vary.</summary>
    public static double[,] Correlation(IReadOnlyList<float[]> sets)
    {
        var length = sets.Min(s => s.Length);
        int[] used = [.. Enumerable.Range(0, length).Where(r => !sets.Any(s => float.IsNaN(s[r])))];
        var standard = sets.Select(s => Standard(s, used)).ToArray();
        var result = new double[sets.Count, sets.Count];
        for (var i = 0; i < sets.Count; i++)
        for (var j = 0; j <= i; j++)
            result[i, j] = result[j, i] =
                i == j ? 1 : System.Numerics.Tensors.TensorPrimitives.Dot<double>(standard[i], standard[j]);
        return result;
    }

    // Centred, of length 1.
    private static double[] Standard(float[] set, int[] used)
    {
        double[] values = [.. used.Select(r => (double)set[r])];
        var mean = default(WeightedMoments).Add(values).Mean;
        for (var i = 0; i < values.Length; i++)
            values[i] -= mean;
        var norm = System.Numerics.Tensors.TensorPrimitives.Norm<double>(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = norm > 0 ? values[i] / norm : 0;
        return values;
    }
}
