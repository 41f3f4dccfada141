namespace Assay.Statistics;

/// <summary>
/// The area under the ROC curve: the probability that a positive row scores above a negative one, ties counted half
/// (Bamber 1975; Hanley and McNeil 1982). A label above ½ is positive.
/// </summary>
public static class RocAuc
{
    private const int StackRows = 256;

    /// <summary>
    /// The area, each pair weighted by the product of its rows' weights (none: 1 each); O(n log n). NaN when a class
    /// is absent.
    /// </summary>
    /// <exception cref="ArgumentException">The spans differ in length, a score is NaN or a weight negative.</exception>
    public static double Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(labels.Length, scores.Length);
        Check.Weights(weights, scores.Length);
        Check.Ordered(scores, "score");
        var rows = scores.Length;
        var keys = rows <= StackRows ? stackalloc double[rows] : new double[rows];
        // A row's signed weight says its class too: sorting moves one number beside each score.
        var signed = rows <= StackRows ? stackalloc double[rows] : new double[rows];
        scores.CopyTo(keys);
        for (var i = 0; i < rows; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            signed[i] = labels[i] > 0.5 ? weight : -weight;
        }
        keys.Sort(signed);
        return OfSorted(keys, signed);
    }

    private static double OfSorted(ReadOnlySpan<double> keys, ReadOnlySpan<double> signed)
    {
        double positives = 0,
            negatives = 0,
            pairs = 0;
        for (var start = 0; start < keys.Length; )
        {
            double tiedPositives = 0,
                tiedNegatives = 0;
            var end = start;
            for (; end < keys.Length && keys[end] == keys[start]; end++)
            {
                if (signed[end] > 0)
                    tiedPositives += signed[end];
                else
                    tiedNegatives -= signed[end];
            }
            pairs += tiedPositives * (negatives + 0.5 * tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            start = end;
        }
        return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : double.NaN;
    }
}
