namespace Assay.Studies;

/// <summary>A value with its bootstrap replicates, of weights that all values of a split share.</summary>
internal sealed record Resampled(double Value, double[] Replicates)
{
    public static Resampled Of((double Value, double[] Replicates) pair) => new(pair.Value, pair.Replicates);

    public static Resampled operator -(Resampled a, Resampled b) =>
        new(a.Value - b.Value, [.. a.Replicates.Zip(b.Replicates, (x, y) => x - y)]);

    /// <summary>The mean of several (repeats).</summary>
    public static Resampled Mean(IReadOnlyList<Resampled> parts)
    {
        var mean = new double[parts[0].Replicates.Length];
        foreach (var part in parts)
            for (var r = 0; r < mean.Length; r++)
                mean[r] += part.Replicates[r] / parts.Count;
        return new(parts.Average(p => p.Value), mean);
    }
}
