using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Ranking;

/// <summary>A number about a list of candidates, from their scores.</summary>
public abstract record ListTarget
{
    private ListTarget() { }

    /// <summary>The number; scores are in the order of the candidates.</summary>
    public abstract double Of(ReadOnlySpan<double> scores);

    /// <summary>Normalised discounted cumulative gain at k (see <see cref="Statistics.Ndcg"/>); ties at their expectation.</summary>
    /// <param name="relevances">At least 0, and above 0 somewhere.</param>
    /// <param name="k">The cut, at least 1.</param>
    public static ListTarget Ndcg(IReadOnlyList<double> relevances, int k) =>
        relevances.Any(r => r > 0)
            ? new NdcgTarget([.. relevances], k)
            : throw AssayException.Input("A list in which nothing is relevant has no NDCG; leave it out.");

    /// <summary>
    /// Whether a candidate is among the first k: 1 or 0, and where ties decide, the probability over random orders of those
    /// that tie.
    /// </summary>
    public static ListTarget TopK(int item, int k) => new TopKTarget(item, k);

    /// <summary>
    /// By how much a candidate is among the first k: its score − the k-th highest score of the others. It is among them
    /// where this is 0 or more, that is where fewer than k others score strictly higher.
    /// </summary>
    public static ListTarget Margin(int item, int k) => new MarginTarget(item, k);

    /// <summary>A candidate's score − a threshold.</summary>
    public static ListTarget Above(int item, double threshold) => new AboveTarget(item, threshold);

    /// <summary>Why one candidate stands above another: score of the first − score of the second.</summary>
    public static ListTarget Difference(int first, int second) => new DifferenceTarget(first, second);

    /// <summary>A candidate's rank: 1 + the number of others that score strictly higher.</summary>
    public static int Rank(ReadOnlySpan<double> scores, int item)
    {
        var rank = 1;
        foreach (var score in scores)
            if (score > scores[item])
                rank++;
        return rank;
    }

    private sealed record NdcgTarget(double[] Relevances, int K) : ListTarget
    {
        public override double Of(ReadOnlySpan<double> scores) => Statistics.Ndcg.Of(scores, Relevances, K);
    }

    private sealed record MarginTarget(int Item, int K) : ListTarget
    {
        public override double Of(ReadOnlySpan<double> scores)
        {
            if (scores.Length <= K)
                return double.PositiveInfinity;
            var others = scores.Length <= 256 ? stackalloc double[scores.Length] : new double[scores.Length];
            scores.CopyTo(others);
            others[Item] = double.NegativeInfinity;
            others.Sort();
            return scores[Item] - others[^K];
        }
    }

    private sealed record TopKTarget(int Item, int K) : ListTarget
    {
        public override double Of(ReadOnlySpan<double> scores)
        {
            var (above, tied) = (0, 0);
            foreach (var score in scores)
                if (score > scores[Item])
                    above++;
                else if (score == scores[Item])
                    tied++;
            return Math.Clamp((K - above) / (double)tied, 0, 1);
        }
    }

    private sealed record AboveTarget(int Item, double Threshold) : ListTarget
    {
        public override double Of(ReadOnlySpan<double> scores) => scores[Item] - Threshold;
    }

    private sealed record DifferenceTarget(int First, int Second) : ListTarget
    {
        public override double Of(ReadOnlySpan<double> scores) => scores[First] - scores[Second];
    }
}
