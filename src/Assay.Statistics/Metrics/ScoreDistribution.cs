namespace Assay.Statistics;

/// <summary>
/// The weighted empirical distribution of scores: exact, sorted, mergeable. With the whole data's negatives in one and
/// its positives in another, any worker can place its own rows for the AUC.
/// </summary>
public sealed class ScoreDistribution
{
    private readonly double[] _scores;
    private readonly double[] _masses;
    private readonly double[] _cumulative;

    private ScoreDistribution(double[] scores, double[] masses)
    {
        _scores = scores;
        _masses = masses;
        _cumulative = new double[masses.Length];
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
            _cumulative[i] = sum += masses[i];
    }

    /// <summary>The distinct scores, ascending.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>The weight at each of <see cref="Scores"/>.</summary>
    public ReadOnlySpan<double> Masses => _masses;

    /// <summary>The whole weight.</summary>
    public double Weight => _cumulative.Length == 0 ? 0 : _cumulative[^1];

    /// <summary>The distribution of the scores; no weights means 1 each.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, a score is NaN or a weight negative.</exception>
    public static ScoreDistribution Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> weights = default)
    {
        Check.Weights(weights, scores.Length);
        var order = ScoreOrder.Ascending(scores);
        var distinct = new List<double>();
        var sums = new List<double>();
        for (var start = 0; start < order.Length; )
        {
            var end = ScoreOrder.EndOfTies(scores, order, start);
            var sum = 0.0;
            for (var i = start; i < end; i++)
                sum += weights.IsEmpty ? 1 : weights[order[i]];
            distinct.Add(scores[order[start]]);
            sums.Add(sum);
            start = end;
        }
        return new ScoreDistribution([.. distinct], [.. sums]);
    }

    /// <summary>The distribution of both together.</summary>
    public ScoreDistribution Merge(ScoreDistribution other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Of([.. _scores, .. other._scores], [.. _masses, .. other._masses]);
    }

    /// <summary>The share of the weight below a score, that at the score counted half; NaN without weight.</summary>
    public double Below(double score)
    {
        var at = Array.BinarySearch(_scores, score);
        var first = at >= 0 ? at : ~at;
        var below = first == 0 ? 0 : _cumulative[first - 1];
        var upTo = at >= 0 ? _cumulative[at] : below;
        return (below + upTo) / 2 / Weight;
    }

    /// <summary>The share of the weight above a score, that at the score counted half; NaN without weight.</summary>
    public double Above(double score) => 1 - Below(score);

    /// <summary>
    /// The largest distance between two distribution functions (Kolmogorov and Smirnov), in [0, 1]; NaN if one is
    /// empty.
    /// </summary>
    public double KolmogorovSmirnov(ScoreDistribution other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!(Weight > 0 && other.Weight > 0))
            return double.NaN;
        int i = 0,
            j = 0;
        var distance = 0.0;
        while (i < _scores.Length && j < other._scores.Length)
        {
            var next = Math.Min(_scores[i], other._scores[j]);
            i += _scores[i] == next ? 1 : 0;
            j += other._scores[j] == next ? 1 : 0;
            var here = i == 0 ? 0 : _cumulative[i - 1] / Weight;
            var there = j == 0 ? 0 : other._cumulative[j - 1] / other.Weight;
            distance = Math.Max(distance, Math.Abs(here - there));
        }
        return distance;
    }
}
