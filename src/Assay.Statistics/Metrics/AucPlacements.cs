namespace Assay.Statistics;

/// <summary>
/// The AUC taken apart by rows: a positive row's placement V10 is the share of negatives it scores above (ties half), a
/// negative row's V01 the share of positives above it. Their class means are both the AUC; their spread is its variance
/// (DeLong, DeLong and Clarke-Pearson 1988). Summed by cluster they make the AUC a sum of ratios that a bootstrap can
/// reweight (see <see cref="AucClusterSums"/>).
/// </summary>
public sealed class AucPlacements
{
    private readonly double[] _placements;
    private readonly bool[] _positive;
    private readonly double[] _weights;

    private AucPlacements(double[] placements, bool[] positive, double[] weights, double auc)
    {
        _placements = placements;
        _positive = positive;
        _weights = weights;
        Auc = auc;
    }

    /// <summary>The area under the curve, as <see cref="RocAuc"/>; NaN when a class is absent.</summary>
    public double Auc { get; }

    /// <summary>
    /// Each row's placement: V10 of a positive row, V01 of a negative one; NaN when the other class is absent.
    /// </summary>
    public ReadOnlySpan<double> Values => _placements;

    /// <summary>
    /// Places every row against the other class; O(n log n). No weights means 1 each; a label above ½ is positive.
    /// </summary>
    /// <exception cref="ArgumentException">The spans differ in length, a score is NaN or a weight negative.</exception>
    public static AucPlacements Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(labels.Length, scores.Length);
        Check.Weights(weights, scores.Length);
        var rows = scores.Length;
        var weightOf = weights.IsEmpty ? new double[rows] : weights.ToArray();
        if (weights.IsEmpty)
            Array.Fill(weightOf, 1);
        var positive = new bool[rows];
        var total = new double[2];
        for (var i = 0; i < rows; i++)
        {
            positive[i] = labels[i] > 0.5;
            total[positive[i] ? 1 : 0] += weightOf[i];
        }
        var placements = new double[rows];
        var pairs = Place(scores, positive, weightOf, total, placements);
        return new AucPlacements(placements, positive, weightOf, pairs / (total[0] * total[1]));
    }

    /// <summary>The sums over each cluster's rows.</summary>
    /// <param name="clusterOfRow">For each row its cluster, 0 .. clusters−1.</param>
    /// <param name="clusters">How many clusters there are.</param>
    public AucClusterSums ByCluster(ReadOnlySpan<int> clusterOfRow, int clusters)
    {
        Check.Length(clusterOfRow.Length, _placements.Length);
        var sums = new AucClusterSums(Auc, clusters);
        for (var row = 0; row < clusterOfRow.Length; row++)
            sums.Add(clusterOfRow[row], _placements[row], _positive[row], _weights[row]);
        return sums;
    }

    /// <summary>The sums with every row a cluster of its own: right only where rows are independent.</summary>
    public AucClusterSums ByRow()
    {
        var sums = new AucClusterSums(Auc, _placements.Length);
        for (var row = 0; row < _placements.Length; row++)
            sums.Add(row, _placements[row], _positive[row], _weights[row]);
        return sums;
    }

    private static double Place(
        ReadOnlySpan<double> scores,
        bool[] positive,
        double[] weights,
        double[] total,
        double[] placements
    )
    {
        var order = ScoreOrder.Ascending(scores);
        double positivesBelow = 0,
            negativesBelow = 0,
            pairs = 0;
        for (var start = 0; start < order.Length; )
        {
            var end = ScoreOrder.EndOfTies(scores, order, start);
            double tiedPositives = 0,
                tiedNegatives = 0;
            for (var i = start; i < end; i++)
            {
                if (positive[order[i]])
                    tiedPositives += weights[order[i]];
                else
                    tiedNegatives += weights[order[i]];
            }
            var ofPositive = (negativesBelow + 0.5 * tiedNegatives) / total[0];
            var ofNegative = (total[1] - positivesBelow - 0.5 * tiedPositives) / total[1];
            for (var i = start; i < end; i++)
                placements[order[i]] = positive[order[i]] ? ofPositive : ofNegative;
            pairs += tiedPositives * (negativesBelow + 0.5 * tiedNegatives);
            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
            start = end;
        }
        return pairs;
    }
}
