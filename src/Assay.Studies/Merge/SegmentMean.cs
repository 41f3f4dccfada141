using Assay.Statistics;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Assay.Studies;

/// <summary>A value, its replicates and the degrees of freedom of their standard deviation.</summary>
internal sealed record Bootstrapped(double Value, double[] Replicates, double DegreesOfFreedom);

/// <summary>Means over the rows of a segment.</summary>
internal sealed class SegmentMean(SplitData data, string head)
{
    // Column of the denominators that counts rows.
    private const int RowCount = 2;
    private readonly EstimateMaker maker = new(data, head);

    /// <param name="results">Where the estimate goes.</param>
    /// <param name="method">Its method.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="number">The segment's number.</param>
    /// <param name="estimand">The quantity.</param>
    /// <param name="values">One for each row of the segment.</param>
    /// <param name="tested">Whether 0 means "none"; else it is a share.</param>
    public Bootstrapped Add(
        List<Replicated> results,
        string method,
        SegmentRows segment,
        int number,
        string estimand,
        double[] values,
        bool tested
    )
    {
        var sums = new double[segment.Clusters.Length];
        for (var i = 0; i < values.Length; i++)
            sums[segment.Local[i]] += values[i];
        var count = data.Bootstrap.Replicates;
        var replicates = new double[count];
        data.Bootstrap.Sums(segment.Clusters, sums, replicates);
        var rows = segment.Replicates.AsSpan(RowCount * count, count);
        for (var r = 0; r < count; r++)
            replicates[r] = rows[r] == 0 ? double.NaN : replicates[r] / rows[r];
        var value = Sum<double>(sums) / segment.Rows.Length;
        var influence = ClusterStandardError.Influence([new(sums, segment.Denominator(RowCount).ToArray())]);
        var range = tested ? EstimateMaker.Range.Any : EstimateMaker.Range.Share;
        var drawn = SplitData.Drawn(segment, value, replicates, influence, () => RowInfluence.OfMean(values));
        results.Add(
            Replicated.Of(maker.Make(segment, estimand, method, drawn, tested, range), number, drawn.Replicates)
        );
        return drawn;
    }
}
