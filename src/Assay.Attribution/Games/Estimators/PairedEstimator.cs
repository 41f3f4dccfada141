namespace Assay.Attribution.Games;

/// <summary>Draws pairs of complementary coalitions by a design and makes an estimate of their values by a fit.</summary>
internal sealed class PairedEstimator(
    int players,
    IPairDesign design,
    Func<PairSample, IPairDesign, ShapleyEstimate> fit,
    bool inRounds
) : IGameEstimator
{
    private readonly PairSample sample = new(players);
    private ShapleyEstimate? estimate;

    /// <summary>The fewest coalitions from which the values of so many players can be fitted, those of nobody and of all included.</summary>
    public static int Fewest(int players) => 2 * players;

    public void Begin(double nobody, double all) => sample.Total = all - nobody;

    public void Ask(Coalitions wanted, int affordable)
    {
        var from = sample.Count;
        var most = from + affordable / 2;
        design.Draw(sample, inRounds ? Math.Min(most, from == 0 ? 2 * players : from + from / 2) : most);
        for (var i = from; i < sample.Count; i++)
            wanted.AddComplement(wanted.Add(sample.Sets.Of(i)));
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i += 2)
            sample.Observe(values[i], values[i + 1]);
        estimate = null;
    }

    public ShapleyEstimate Estimate() => estimate ??= fit(sample, design);
}
