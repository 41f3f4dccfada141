using Assay.Attribution.Games;

namespace Assay.Attribution.Interactions;

/// <summary>Values of a sampled index for one game.</summary>
internal readonly record struct SampledValues(double[] Values, double[] StandardErrors, int Coalitions);

/// <summary>
/// Interaction indices from a part of the coalitions: I(S) is a weighted sum over all coalitions, of which the outer sizes are
/// enumerated and the rest estimated without bias by importance sampling of complementary pairs (SHAP-IQ, Fumagalli et al.
/// 2023, arXiv 2303.01179). What a polynomial explains is taken out first, fitted to one half of the pairs and corrected by the
/// other, and the other way round (cross-fitting keeps the estimate unbiased and its standard error honest).
/// </summary>
internal sealed class SampledIndex
{
    // Fewer give no standard error.
    private const int LeastPairs = 8;

    private readonly IReadOnlyList<IReadOnlyList<int>> sets;
    private readonly double[][,] weights;
    private readonly CoalitionDraws draws;
    private readonly Dictionary<(int Pairs, int Half), IndexProxy> proxies = [];
    private readonly int order;
    private readonly string index;
    private readonly byte[] inBoth;

    public SampledIndex(
        IReadOnlyList<IReadOnlyList<int>> sets,
        string index,
        int order,
        int players,
        int budget,
        ulong seed
    )
    {
        (this.sets, this.index, this.order) = (sets, index, order);
        weights =
        [
            new double[0, 0],
            .. Enumerable.Range(1, order).Select(s => InteractionIndex.Weights(index, order, s, players)),
        ];
        draws = new CoalitionDraws(players, budget, Spread(players), seed);
        inBoth = Overlaps();
    }

    /// <summary>Pairs that the budget allows.</summary>
    public int Pairs => draws.Pairs;

    /// <summary>The coalitions to evaluate, in the order of use.</summary>
    public Coalitions All => draws.All;

    /// <summary>How many coalitions a number of pairs takes.</summary>
    public int CoalitionsOf(int pairs) => draws.Enumerated + 2 * pairs;

    /// <summary>The estimate from the first pairs.</summary>
    /// <param name="values">v of at least so many of the coalitions.</param>
    /// <param name="pairs">Number of pairs to use, at least 2.</param>
    public SampledValues Estimate(ReadOnlySpan<double> values, int pairs)
    {
        var result = new double[sets.Count];
        var variances = new double[sets.Count];
        var rest = new double[CoalitionsOf(pairs)];
        for (var half = 0; half < 2; half++)
        {
            var proxy = Proxy(pairs, half);
            var known = proxy.Explain(values, rest);
            for (var s = 0; s < sets.Count; s++)
            {
                var (mean, variance) = Correction(s, rest, half, pairs);
                result[s] += (known[s] + Border(s, rest) + mean) / 2;
                variances[s] += variance / 4;
            }
        }
        var errors = Array.ConvertAll(variances, v => pairs < LeastPairs ? double.NaN : Math.Sqrt(v));
        return new(result, errors, rest.Length);
    }

    // How much a coalition of a size contributes to sets of the highest order, by its root mean square: the best chances.
    private double[] Spread(int players)
    {
        var top = weights[^1];
        var all = Fraction.Binomial(players, order);
        return
        [
            .. Enumerable
                .Range(0, players + 1)
                .Select(t =>
                {
                    var mean = 0.0;
                    for (var r = 0; r <= Math.Min(t, order); r++)
                        mean +=
                            new Fraction(
                                Fraction.Binomial(t, r) * Fraction.Binomial(players - t, order - r),
                                all
                            ).ToDouble()
                            * top[t, r]
                            * top[t, r];
                    return Math.Sqrt(mean) * (double)Fraction.Binomial(players, t);
                }),
        ];
    }

    private IndexProxy Proxy(int pairs, int half)
    {
        if (!proxies.TryGetValue((pairs, half), out var proxy))
            proxies[(pairs, half)] = proxy = new(
                draws,
                sets,
                [.. Enumerable.Range(0, pairs).Where(i => i % 2 != half)],
                index,
                order
            );
        return proxy;
    }

    private double Border(int set, double[] rest)
    {
        var weight = weights[sets[set].Count];
        var sum = 0.0;
        for (var i = 0; i < draws.Enumerated; i++)
            sum += weight[draws.All.Size(i), Overlap(set, i)] * rest[i];
        return sum;
    }

    private (double Mean, double Variance) Correction(int set, double[] rest, int half, int pairs)
    {
        var weight = weights[sets[set].Count];
        double mean = 0,
            squares = 0;
        var n = 0;
        for (var i = half; i < pairs; i += 2)
        {
            var value = 0.0;
            for (var c = CoalitionsOf(i); c < CoalitionsOf(i + 1); c++)
            {
                var size = draws.All.Size(c);
                value += weight[size, Overlap(set, c)] / draws.Chance(size) * rest[c] / 2;
            }
            n++;
            var from = value - mean;
            mean += from / n;
            squares += from * (value - mean);
        }
        return (mean, n > 1 ? squares / (n - 1) / n : double.NaN);
    }

    // |T ∩ S| of every set and coalition, for it is asked for again in every row.
    private byte[] Overlaps()
    {
        var count = draws.All.Count;
        var result = new byte[(long)sets.Count * count];
        for (var s = 0; s < sets.Count; s++)
        for (var c = 0; c < count; c++)
        {
            byte both = 0;
            foreach (var p in sets[s])
                both += draws.All[c, p] ? (byte)1 : (byte)0;
            result[(long)s * count + c] = both;
        }
        return result;
    }

    private int Overlap(int set, int coalition) => inBoth[(long)set * draws.All.Count + coalition];
}
