namespace Assay.Studies;

/// <summary>Weights of rows that undo how they came to be logged.</summary>
internal static class Weighting
{
    /// <summary>
    /// Weights under which two codes are independent, each distributed as it is: n(a) n(b) / (n · n(a, b)), the stabilised
    /// inverse propensity of stratum b given a (Robins, Hernán and Brumback 2000).
    /// </summary>
    public static double[] Independent(int[] a, int[] b, double clip)
    {
        var first = a.CountBy(v => v).ToDictionary();
        var second = b.CountBy(v => v).ToDictionary();
        var both = a.Zip(b).CountBy(v => v).ToDictionary();
        return Clipped([.. a.Zip(b, (x, y) => (double)first[x] * second[y] / ((double)a.Length * both[(x, y)]))], clip);
    }

    /// <summary>1 / propensity, with mean 1.</summary>
    public static double[] Inverse(double[] propensity, double clip) =>
        Clipped(Array.ConvertAll(propensity, p => 1 / p), clip);

    /// <summary>How many rows of equal weight say as much (Kish 1965): (Σ w)² / Σ w².</summary>
    public static double EffectiveSize(double[] weights) => Math.Pow(weights.Sum(), 2) / weights.Sum(w => w * w);

    // To mean 1, then cut.
    private static double[] Clipped(double[] weights, double clip)
    {
        var mean = weights.Average();
        return Array.ConvertAll(weights, w => Math.Min(w / mean, clip));
    }
}
