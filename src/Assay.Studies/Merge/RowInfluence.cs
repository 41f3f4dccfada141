namespace Assay.Studies;

/// <summary>What each row of a segment adds to an estimate to first order.</summary>
internal static class RowInfluence
{
    /// <summary>To a mean of values with weights (none: 1 each): w (v − mean) / Σw; rows without a value (NaN) add nothing.</summary>
    public static double[] OfMean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        double sum = 0,
            total = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                continue;
            var weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight * values[i];
            total += weight;
        }
        var influence = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            if (!double.IsNaN(values[i]))
                influence[i] = (weights.IsEmpty ? 1 : weights[i]) * (values[i] - sum / total) / total;
        return influence;
    }
}
