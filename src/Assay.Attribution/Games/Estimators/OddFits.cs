using System.Collections.Concurrent;

namespace Assay.Attribution.Games;

/// <summary>
/// Fits shared by games that drew the same coalitions, and the two estimates made of them: the fit's own
/// (<see cref="Adjusted"/>), and the fit with an unbiased correction (<see cref="Corrected"/>).
/// </summary>
internal sealed class OddFits
{
    /// <summary>Fits that the games of one call share; a game's is named by its stream.</summary>
    public const int Designs = 4;

    // The jackknife overstates (Efron and Stein 1981), the more the closer a fit follows its pairs; this much measured right.
    private const double Caution = 1.0 / 32;

    // A fit holds the covariances of all pairs and takes their number cubed; beyond this the plain regression has to do.
    private const int MostPairs = 3500;

    // Of fits larger than this the last of each set of coalitions is kept: games come to their sizes together.
    private const int KeptPairs = 1200;

    private readonly ConcurrentDictionary<(ulong Design, int Pairs), Lazy<OddFit>> known = new();

    /// <summary>The fit's values; standard errors by the jackknife over pairs, in closed form.</summary>
    public ShapleyEstimate Adjusted(ulong name, PairSample sample, IPairDesign design)
    {
        if (sample.Known > MostPairs)
            return PairedLeastSquares.Fit(sample, design);
        var (fit, values, leftOut) = Apply(name, sample, design);
        return WithErrors(
            sample,
            values,
            leftOut,
            (k, row) =>
            {
                var share = Math.Pow(fit.Left(k), Caution);
                for (var p = 0; p < row.Length; p++)
                    row[p] = share * fit.Influence(k)[p];
            },
            k => design.Unseen(sample, k),
            design.Strata
        );
    }

    /// <summary>
    /// The mean over pairs of the fit without the pair, plus the unbiased sum over coalitions (maximum sample reuse, Witter et
    /// al., arXiv 2506.11849) of what these fits leave over.
    /// </summary>
    public ShapleyEstimate Corrected(ulong name, PairSample sample, IPairDesign design)
    {
        if (sample.Known > MostPairs)
            return PairedLeastSquares.Fit(sample, design);
        var (fit, values, leftOut) = Apply(name, sample, design);
        var row = new double[sample.Players];
        for (var k = 0; k < sample.Known; k++)
        {
            var influence = fit.Influence(k);
            Reuse(sample, design, k, row);
            for (var p = 0; p < row.Length; p++)
                values[p] += leftOut[k] * (row[p] - influence[p] / sample.Known);
        }
        // That all pairs of a size have been seen does not make exact what the fits left over of them.
        return WithErrors(sample, values, leftOut, (k, row) => Reuse(sample, design, k, row), _ => 1, design.Strata);
    }

    private (OddFit Fit, double[] Values, double[] LeftOut) Apply(ulong name, PairSample sample, IPairDesign design)
    {
        foreach (var key in known.Keys)
            if (key.Design == name && key.Pairs > KeptPairs && key.Pairs != sample.Known)
                known.TryRemove(key, out _);
        var fit = known.GetOrAdd((name, sample.Known), _ => new(() => new OddFit(sample, design))).Value;
        var (values, leftOut) = fit.Apply(sample);
        return (fit, values, leftOut);
    }

    // φᵢ = 2/C(n, s) Σ over pairs of y/s for members and −y/(n − s) for others (Shapley 1953, for pairs).
    private static void Reuse(PairSample sample, IPairDesign design, int pair, double[] row)
    {
        var (size, weight) = (sample.Sets.Size(pair), design.Weight(sample, pair));
        for (var p = 0; p < row.Length; p++)
            row[p] = sample.Sets[pair, p] ? weight * (row.Length - size) : -weight * size;
    }

    private static ShapleyEstimate WithErrors(
        PairSample sample,
        double[] values,
        double[] leftOut,
        Action<int, double[]> influence,
        Func<int, double> unseen,
        int strata
    )
    {
        // Rounding's share.
        var rest = (sample.Total - values.Sum()) / values.Length;
        for (var p = 0; p < values.Length; p++)
            values[p] += rest;
        var free = sample.Known - (sample.Players - 1);
        if (free < PairedLeastSquares.FewestFree)
            return ShapleyEstimate.WithoutErrors(values);
        var variance = new StratifiedVariance(sample.Players, strata);
        var row = new double[sample.Players];
        for (var k = 0; k < sample.Known; k++)
        {
            influence(k, row);
            for (var p = 0; p < row.Length; p++)
                row[p] *= leftOut[k];
            variance.Add(sample.Stratum(k), row, 1, unseen(k));
        }
        return new(values, variance.StandardErrors(), free);
    }
}
