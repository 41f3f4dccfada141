namespace Assay.Attribution.Games;

/// <summary>
/// Players enter in a random order and in its reverse; what each adds, averaged over both, is one draw of its value
/// (Castro, Gómez and Tejada 2009; antithetic: Mitchell et al., arXiv 2104.12199). Exact for games of order 2 after one pair.
/// </summary>
internal sealed class PermutationSampler(int players, Func<int[]> draw, bool inRounds) : IGameEstimator
{
    /// <summary>Fewer pairs than this have no standard error.</summary>
    public const int FewestPairs = 8;

    private readonly List<int[]> orders = [];
    private readonly double[] sum = new double[players];
    private readonly double[] squares = new double[players];
    private int most = -1;
    private int pairs;
    private double nobody;
    private double all;

    /// <summary>Coalitions of one pair, besides those of nobody and of all.</summary>
    public static int PerPair(int players) => 2 * (players - 1);

    public void Begin(double nobody, double all) => (this.nobody, this.all) = (nobody, all);

    public void Ask(Coalitions wanted, int affordable)
    {
        orders.Clear();
        // Coalitions met again cost nothing, but of a small game there would be no end of them.
        most = most < 0 ? affordable / PerPair(players) : most;
        var left = most - pairs;
        for (var i = 0; i < (inRounds ? Math.Min(left, Math.Max(FewestPairs, pairs / 2)) : left); i++)
        {
            var order = draw();
            orders.Add(order);
            var previous = -1;
            for (var k = 0; k < players - 1; k++)
            {
                var at = previous < 0 ? wanted.Add() : wanted.Add(wanted.Of(previous));
                wanted[at, order[k]] = true;
                wanted.AddComplement(at);
                previous = at;
            }
        }
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values)
    {
        var gain = new double[players];
        for (var i = 0; i < orders.Count; i++)
        {
            var pair = values.Slice(i * PerPair(players), PerPair(players));
            double forward = nobody,
                backward = all;
            for (var k = 0; k < players; k++)
            {
                var (nextForward, nextBackward) = k < players - 1 ? (pair[2 * k], pair[2 * k + 1]) : (all, nobody);
                gain[orders[i][k]] = 0.5 * (nextForward - forward + backward - nextBackward);
                (forward, backward) = (nextForward, nextBackward);
            }
            pairs++;
            for (var p = 0; p < players; p++)
            {
                // Welford 1962.
                var apart = gain[p] - sum[p];
                sum[p] += apart / pairs;
                squares[p] += apart * (gain[p] - sum[p]);
            }
        }
    }

    public ShapleyEstimate Estimate() =>
        pairs < FewestPairs
            ? ShapleyEstimate.WithoutErrors([.. sum])
            : new([.. sum], [.. squares.Select(s => Math.Sqrt(s / (pairs - 1.0) / pairs))], pairs - 1);
}
