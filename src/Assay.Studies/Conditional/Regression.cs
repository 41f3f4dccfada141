using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What predicts the codes of a player from the others, and how strongly each other depends on it.</summary>
internal sealed class Regression
{
    private const int Folds = 5;
    private const int MostFitted = 20_000;
    private const double Ridge = 1;
    private const int MostColumns = 128;
    private const int LeastColumns = 16;

    // 512 MB of columns: with very many units fewer of them are kept.
    private const int MostNumbers = 1 << 26;

    // Means of few units are pulled to 0 as if by as many more units.
    private const double Shrinkage = 10;

    private readonly Covariates covariates;
    private readonly int[] fold;

    public Regression(Covariates covariates, ulong seed, ulong stream)
    {
        this.covariates = covariates;
        var n = covariates.Codes.Count;
        fold = new int[n];
        for (var u = 0; u < n; u++)
            fold[u] = CounterRandom.IntAt(seed, stream, (ulong)u, Folds);
        Others = Strongest(covariates.Columns(TargetMeans), n);
        Sample = Sampling.Of(n, MostFitted, seed, StableHash.Combine(stream, 1));
    }

    /// <summary>The columns that predict, at most 128; ids of many values by means of the codes over them.</summary>
    public Design Others { get; }

    /// <summary>The units that are fitted to.</summary>
    public int[] Sample { get; }

    /// <summary>Predictions of a code for each unit by a ridge fitted to the other folds.</summary>
    public double[] Predict(double[] code)
    {
        var parts = Enumerable
            .Range(0, Folds)
            .Select(f => Sample.Where(u => fold[u] == f).ToArray())
            .Select(units => (Design: Others.Rows(units), Code: Array.ConvertAll(units, u => code[u])))
            .Select(p => (Gram: p.Design.Gram(), Right: p.Design.Times(p.Code)))
            .ToArray();
        var d = Others.Columns.Length;
        var predicted = new double[code.Length];
        for (var f = 0; f < Folds; f++)
        {
            var (gram, right) = (new double[d, d], new double[d]);
            foreach (var (part, k) in parts.Select((p, k) => (p, k)).Where(p => p.k != f))
                for (var i = 0; i < d; i++)
                {
                    right[i] += part.Right[i];
                    for (var j = 0; j < d; j++)
                        gram[i, j] += part.Gram[i, j];
                }
            var all = Others.Combine(new Cholesky(gram, 1, Ridge).Solve(right));
            for (var u = 0; u < all.Length; u++)
                if (fold[u] == f)
                    predicted[u] = all[u];
        }
        return predicted;
    }

    /// <summary>How much each column counts when others like a unit are sought: its coefficients, or how ids explain it.</summary>
    public double[] Weights()
    {
        var design = Others.Rows(Sample);
        var factor = new Cholesky(design.Gram(), 1, Ridge);
        var weights = new double[Others.Columns.Length];
        foreach (var code in covariates.Codes.Columns)
        {
            var beta = factor.Solve(design.Times(Array.ConvertAll(Sample, u => code[u])));
            for (var i = 0; i < beta.Length; i++)
                weights[i] += beta[i] * beta[i];
        }
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Sqrt(
                covariates.IsCategorical
                    ? Math.Max(weights[i], Explained(covariates.Values[0], Others.Columns[i]))
                    : weights[i]
            );
        return weights;
    }

    // The share of a column's variance that the other units with the same id explain.
    private static double Explained(double[] ids, double[] column)
    {
        var sums = Sums(ids, column);
        var missed = 0.0;
        for (var u = 0; u < ids.Length; u++)
        {
            var (sum, count) = sums[ids[u]];
            var mean = (sum - column[u]) / (count - 1 + Shrinkage / 5);
            missed += (column[u] - mean) * (column[u] - mean);
        }
        return Math.Max(0, 1 - missed / ids.Length);
    }

    /// <summary>Sum and number of a column's values for each id.</summary>
    public static Dictionary<double, (double Sum, int Count)> Sums(double[] ids, double[] column)
    {
        var sums = new Dictionary<double, (double Sum, int Count)>();
        for (var u = 0; u < ids.Length; u++)
        {
            var (sum, count) = sums.GetValueOrDefault(ids[u]);
            sums[ids[u]] = (sum + column[u], count + 1);
        }
        return sums;
    }

    // Of each unit the mean of each code over the units of other folds with the same id.
    private IEnumerable<double[]> TargetMeans(double[] ids)
    {
        var numbers = new Dictionary<double, int>();
        var place = new int[ids.Length];
        for (var u = 0; u < ids.Length; u++)
        {
            if (!numbers.TryGetValue(ids[u], out var number))
                numbers[ids[u]] = number = numbers.Count;
            place[u] = (Folds + 1) * number + fold[u];
        }
        var count = new int[(Folds + 1) * numbers.Count];
        foreach (var at in place)
        {
            count[at]++;
            count[at / (Folds + 1) * (Folds + 1) + Folds]++;
        }
        foreach (var code in covariates.Codes.Columns.Take(Coding.MostCategories + 1))
        {
            var sum = new double[count.Length];
            for (var u = 0; u < place.Length; u++)
            {
                sum[place[u]] += code[u];
                sum[place[u] / (Folds + 1) * (Folds + 1) + Folds] += code[u];
            }
            var means = new double[ids.Length];
            for (var u = 0; u < place.Length; u++)
            {
                var (own, all) = (place[u], place[u] / (Folds + 1) * (Folds + 1) + Folds);
                means[u] = (sum[all] - sum[own]) / (count[all] - count[own] + Shrinkage);
            }
            yield return means;
        }
    }

    private Design Strongest(IEnumerable<double[]> columns, int n)
    {
        var most = Math.Clamp(MostNumbers / n, LeastColumns, MostColumns);
        // The weakest of those kept goes first; of equals the later.
        var kept = new PriorityQueue<(double[] Column, int Number), (double, int)>();
        var number = 0;
        foreach (var column in columns)
        {
            if (Design.Standardised(column) is not { } own)
                continue;
            var strength = covariates.Codes.Columns.Max(code => Math.Abs(Design.Product(own, code)));
            kept.Enqueue((own, number), (strength, -number));
            number++;
            if (kept.Count > most)
                kept.Dequeue();
        }
        return Design.Of(kept.UnorderedItems.Select(k => k.Element).OrderBy(k => k.Number).Select(k => k.Column), n);
    }
}

/// <summary>Samples without replacement.</summary>
internal static class Sampling
{
    /// <summary>All of 0 … count − 1, or so many of them at random, ascending.</summary>
    public static int[] Of(int count, int most, ulong seed, ulong stream)
    {
        if (count <= most)
            return [.. Enumerable.Range(0, count)];
        var picked = new CounterRandom(seed, stream).Permutation(count)[..most];
        Array.Sort(picked);
        return picked;
    }
}
