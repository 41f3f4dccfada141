namespace Assay.Worlds.Simulation;

/// <summary>Drawing from a discrete distribution.</summary>
internal static class Draw
{
    /// <summary>The index whose share of <paramref name="weights"/> holds <paramref name="uniform"/> in [0, 1).</summary>
    public static int From(ReadOnlySpan<double> weights, double uniform)
    {
        double total = 0;
        foreach (var w in weights)
            total += w;
        var left = uniform * total;
        for (var i = 0; i < weights.Length - 1; i++)
            if ((left -= weights[i]) < 0)
                return i;
        return weights.Length - 1;
    }
}
