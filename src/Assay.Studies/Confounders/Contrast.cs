namespace Assay.Studies;

/// <summary>A value with its bootstrap replicates, of weights that all values of a split share.</summary>
/// <param name="Value">The value.</param>
/// <param name="Replicates">Of the first kind of clusters.</param>
/// <param name="ByRow">What each row of the segment adds to it to first order; null: not asked for, as with one kind of clusters.</param>
internal sealed record Resampled(double Value, double[] Replicates, double[]? ByRow)
{
    /// <summary>For an estimate of the segment: drawing items too where the study has two kinds of clusters.</summary>
    public Bootstrapped Drawn(SegmentRows segment) => SplitData.Drawn(segment, Value, Replicates, null, () => ByRow!);

    public static Resampled operator -(Resampled a, Resampled b) =>
        new(
            a.Value - b.Value,
            [.. a.Replicates.Zip(b.Replicates, (x, y) => x - y)],
            a.ByRow is null ? null : [.. a.ByRow.Zip(b.ByRow!, (x, y) => x - y)]
        );

    /// <summary>The mean of several (repeats).</summary>
    public static Resampled Mean(IReadOnlyList<Resampled> parts)
    {
        var mean = new double[parts[0].Replicates.Length];
        foreach (var part in parts)
            for (var r = 0; r < mean.Length; r++)
                mean[r] += part.Replicates[r] / parts.Count;
        return new(parts.Average(p => p.Value), mean, parts[0].ByRow is null ? null : MeanByRow(parts));
    }

    private static double[] MeanByRow(IReadOnlyList<Resampled> parts)
    {
        var mean = new double[parts[0].ByRow!.Length];
        foreach (var part in parts)
            for (var i = 0; i < mean.Length; i++)
                mean[i] += part.ByRow![i] / parts.Count;
        return mean;
    }
}
