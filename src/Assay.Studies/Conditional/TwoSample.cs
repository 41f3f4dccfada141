using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Can a classifier tell real units from drawn ones? (Lopez-Paz and Oquab 2017, arXiv 1610.06545.) Logistic regression on
/// the feature's codes, the others, and their products; ½ means that it cannot.
/// </summary>
internal static class TwoSample
{
    private const int MostCodes = 4;
    private const int MostOthers = 24;
    private const int MostUnits = 4096;

    /// <summary>The area under the ROC curve on units that the classifier was not fitted to; NaN with too few units.</summary>
    public static double Auc(Covariates covariates, Regression regression, int[] donors, ulong seed, ulong stream)
    {
        var weights = regression.Weights();
        int[] others = [.. Enumerable.Range(0, weights.Length).OrderByDescending(c => weights[c]).Take(MostOthers)];
        var (fit, test, means) = (new List<int>(), new List<int>(), new List<int>());
        var sample = Sampling.Of(donors.Length, 4 * MostUnits, seed, StableHash.Combine(stream, 6));
        for (var i = 0; i < sample.Length; i++)
            (
                CounterRandom.IntAt(seed, StableHash.Combine(stream, 7), (ulong)sample[i], 4) switch
                {
                    0 => fit,
                    1 => means,
                    _ => test,
                }
            ).Add(sample[i]);
        if (fit.Count < 50 || others.Length == 0)
            return double.NaN;
        var z = regression.Others.Only(others);
        var codes = Codes(covariates);
        var affinity = covariates.IsCategorical ? Means(covariates.Values[0], z, means) : null;
        var (real, drawn) = (Enumerable.Range(0, donors.Length).ToArray(), donors);
        var train = Rows(z, codes, affinity, covariates, fit, real)
            .Zip(Rows(z, codes, affinity, covariates, fit, drawn), (a, b) => (double[])[.. a, .. b])
            .ToArray();
        var check = Rows(z, codes, affinity, covariates, test, real)
            .Zip(Rows(z, codes, affinity, covariates, test, drawn), (a, b) => (double[])[.. a, .. b])
            .ToArray();
        var kept = Enumerable.Range(0, train.Length).Where(c => train[c].Any(v => v != train[c][0])).ToArray();
        // Standardised together, so that both have the same scale.
        var both = Design.Of(kept.Select(c => (double[])[.. train[c], .. check[c]]), 2 * (fit.Count + test.Count));
        var label = Enumerable.Range(0, 2 * fit.Count).Select(i => i < fit.Count ? 1 : 0).ToArray();
        var model = Softmax.Fit(both.Rows([.. Enumerable.Range(0, 2 * fit.Count)]), label, 2);
        var scores = model.Probabilities(both.Rows([.. Enumerable.Range(2 * fit.Count, 2 * test.Count)]))[1];
        return RocAuc.Of(scores, [.. Enumerable.Range(0, 2 * test.Count).Select(i => i < test.Count ? 1.0 : 0.0)]);
    }

    private static double[][] Codes(Covariates covariates)
    {
        var codes = covariates.Codes.Columns;
        return covariates.IsNumber ? [codes[0], Array.ConvertAll(codes[0], v => v * v)] : [.. codes.Take(MostCodes)];
    }

    // The mean of each other column over units with an id: what goes with it.
    private static Dictionary<double, (double Sum, int Count)>[] Means(double[] ids, Design z, List<int> units) =>
        [.. z.Columns.Select(c => Regression.Sums([.. units.Select(u => ids[u])], [.. units.Select(u => c[u])]))];

    // Columns over the units, the feature being that of their donors.
    private static IEnumerable<double[]> Rows(
        Design z,
        double[][] codes,
        Dictionary<double, (double Sum, int Count)>[]? affinity,
        Covariates covariates,
        List<int> units,
        int[] donors
    )
    {
        double[] Column(Func<int, double> value) => [.. units.Select(value)];
        foreach (var code in codes)
        {
            yield return Column(u => code[donors[u]]);
            foreach (var other in z.Columns)
                yield return Column(u => code[donors[u]] * other[u]);
        }
        for (var c = 0; c < z.Columns.Length; c++)
        {
            var other = z.Columns[c];
            yield return Column(u => other[u]);
            if (affinity is null)
                continue;
            var means = affinity[c];
            double Mean(int u) =>
                means.GetValueOrDefault(covariates.Values[0][donors[u]]) is var (sum, count) ? sum / (count + 10) : 0;
            yield return Column(u => Mean(u) * other[u]);
        }
    }
}
