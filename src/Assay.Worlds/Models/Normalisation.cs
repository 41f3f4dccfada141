namespace Assay.Worlds.Models;

/// <summary>Mean and spread of each numeric feature over some rows, after log1p where the feature is logarithmic.</summary>
internal sealed record Normalisation(double[] Mean, double[] Spread, double[] RawMean)
{
    public static Normalisation Of(World world, int[] rows)
    {
        var features = ModelLayout.Numeric;
        var (mean, spread, raw) = (new double[features.Count], new double[features.Count], new double[features.Count]);
        for (var f = 0; f < features.Count; f++)
        {
            var column = world.Table[features[f].Name];
            double sum = 0,
                squares = 0;
            foreach (var row in rows)
            {
                double value = column.Number(row);
                raw[f] += value / rows.Length;
                if (features[f].Logarithmic)
                    value = Math.Log(1 + value);
                sum += value;
                squares += value * value;
            }
            mean[f] = sum / rows.Length;
            spread[f] = Math.Sqrt(Math.Max(squares / rows.Length - mean[f] * mean[f], 1e-12));
        }
        return new Normalisation(mean, spread, raw);
    }
}
