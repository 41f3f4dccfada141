using Assay.Statistics;

namespace Assay.Studies;

/// <summary>How two rankings of the same features agree, with the same numbers in each replicate.</summary>
internal sealed class RankingPair
{
    private readonly MethodRanking first;
    private readonly MethodRanking second;
    private readonly int clusters;
    private readonly double[] apart;

    public RankingPair(MethodRanking first, MethodRanking second, int top, int clusters)
    {
        (this.first, this.second, this.clusters) = (first, second, clusters);
        Top = top;
        apart = Apart(first.Values, second.Values);
    }

    public string Name => $"{first.Method}~{second.Method}";

    public MethodRanking First => first;

    public MethodRanking Second => second;

    /// <summary>How many of the first features are compared.</summary>
    public int Top { get; }

    /// <summary>
    /// Whether places far apart speak against either. Conditional importances leave the others by what features know of
    /// each other, so beside them it only has to be said.
    /// </summary>
    public bool Binding =>
        (first.Question == Question.LosesGivenOthers) == (second.Question == Question.LosesGivenOthers);

    /// <summary>Kendall's τ-b.</summary>
    public (double Value, double[] Replicates) Tau() => Each((x, y) => RankCorrelation.KendallTauB(x, y));

    /// <summary>Rank-biased overlap with persistence 0.9.</summary>
    public (double Value, double[] Replicates) Overlap() =>
        Each((x, y) => RankAgreement.RankBiasedOverlap(MethodRanking.Order(x), MethodRanking.Order(y)));

    /// <summary>The share of the first k features that both have.</summary>
    public (double Value, double[] Replicates) Shared() =>
        Each(
            (x, y) =>
            {
                var j = RankAgreement.JaccardAt(MethodRanking.Order(x), MethodRanking.Order(y), Top);
                return 2 * j / (1 + j);
            }
        );

    /// <summary>
    /// The mean distance of a feature's places in two orders that have nothing to do with each other, (n² − 1) / (3 n):
    /// E|i − j| of independent uniform places. Never below 2.
    /// </summary>
    public static double Unrelated(int features) => Math.Max(2, (features * (double)features - 1) / (3 * features));

    /// <summary>
    /// The features that the methods place as far apart as unrelated orders would on average, or farther, where the sign of the
    /// difference is beyond chance (95 % of the shared replicates) and at least one of the methods has it in the
    /// better half (the order among features that neither finds strong means nothing).
    /// </summary>
    public IEnumerable<Disagreement> Disagreements() => Apart(Unrelated(apart.Length));

    /// <summary>Features whose places differ by so many or more, beyond chance, and that one of both has in the better half.</summary>
    public IEnumerable<Disagreement> Apart(double places)
    {
        var n = apart.Length;
        double[] x = MethodRanking.Places(first.Values),
            y = MethodRanking.Places(second.Values);
        var replicates = Defined().Select(p => Apart(p.First, p.Second)).ToArray();
        for (var f = 0; f < n; f++)
        {
            if (Math.Abs(apart[f]) < places || Math.Min(x[f], y[f]) > n / 2.0)
                continue;
            var interval = Intervals.Percentile([.. replicates.Select(r => r[f])], clusters);
            if (interval.Low > 0 || interval.High < 0)
                yield return new(f, this, x[f], y[f]);
        }
    }

    private static double[] Apart(double[] x, double[] y) =>
        [.. MethodRanking.Places(x).Zip(MethodRanking.Places(y), (a, b) => a - b)];

    private IEnumerable<(double[] First, double[] Second)> Defined() =>
        first.Replicates.Zip(second.Replicates).Where(p => !p.First.Concat(p.Second).Any(double.IsNaN));

    private (double, double[]) Each(Func<double[], double[], double> measure) =>
        (measure(first.Values, second.Values), [.. Defined().Select(p => measure(p.First, p.Second))]);
}

/// <summary>A feature that two methods place far apart.</summary>
internal sealed record Disagreement(int Feature, RankingPair Pair, double First, double Second);
