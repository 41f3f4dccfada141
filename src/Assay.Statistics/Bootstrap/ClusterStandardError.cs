namespace Assay.Statistics;

/// <summary>
/// Linearised ("sandwich") standard errors of ratios and means whose rows come in clusters: with θ = ΣN/ΣD and
/// residuals u_c = N_c − θ D_c, se² = G/(G−1) Σ u_c² / (ΣD)², G the number of clusters that take part (N or D not 0).
/// Sources: Liang and Zeger 1986; Cochran, "Sampling Techniques", §6. NaN with fewer than two clusters. With few
/// (below about 40) refer to Student's t with G − 1 degrees of freedom.
/// </summary>
public static class ClusterStandardError
{
    // The upper end of 95 % of a standard normal.
    private const double NormalEnd = 1.959963984540054;

    /// <summary>ΣN / ΣD; NaN where the denominator is 0.</summary>
    public static double Ratio(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        Check.Length(denominators.Length, numerators.Length);
        double numerator = 0,
            denominator = 0;
        for (var c = 0; c < numerators.Length; c++)
        {
            numerator += numerators[c];
            denominator += denominators[c];
        }
        return denominator == 0 ? double.NaN : numerator / denominator;
    }

    /// <summary>The standard error of <see cref="Ratio"/>, from per-cluster sums.</summary>
    public static double OfRatio(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        var influence = new double[numerators.Length];
        AddInfluence(numerators, denominators, influence);
        return OfInfluence(influence, TakingPart(numerators, denominators));
    }

    /// <summary>The standard error of a sum of ratios over the same clusters, such as the parts of an AUC.</summary>
    public static double OfSumOfRatios(ReadOnlySpan<RatioColumns> ratios)
    {
        if (ratios.IsEmpty)
            return double.NaN;
        var influence = new double[ratios[0].Numerators.Length];
        var takes = new bool[influence.Length];
        foreach (var (numerators, denominators) in ratios)
        {
            Check.Length(numerators.Length, influence.Length);
            AddInfluence(numerators, denominators, influence);
            for (var c = 0; c < takes.Length; c++)
                takes[c] |= numerators[c] != 0 || denominators[c] != 0;
        }
        return OfInfluence(influence, takes.AsSpan().Count(true));
    }

    /// <summary>The standard error of the weighted mean of rows in clusters.</summary>
    /// <param name="values">One value for each row.</param>
    /// <param name="clusterOfRow">For each row its cluster, 0 .. clusters−1.</param>
    /// <param name="clusters">How many clusters there are.</param>
    /// <param name="weights">Row weights, or none for 1 each.</param>
    public static double OfMean(
        ReadOnlySpan<double> values,
        ReadOnlySpan<int> clusterOfRow,
        int clusters,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(clusterOfRow.Length, values.Length);
        Check.Weights(weights, values.Length);
        var numerators = new double[clusters];
        var denominators = new double[clusters];
        for (var row = 0; row < values.Length; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            numerators[clusterOfRow[row]] += weight * values[row];
            denominators[clusterOfRow[row]] += weight;
        }
        return OfRatio(numerators, denominators);
    }

    /// <summary>
    /// The standard error of the weighted mean of rows that share users and share items: the variances by either clustering
    /// less that by both (Cameron, Gelbach and Miller 2011); the larger of the two where that is not positive. Few clusters
    /// of either kind: refer to Student's t with the smaller number of them − 1.
    /// </summary>
    /// <param name="values">One value for each row.</param>
    /// <param name="first">For each row its cluster of the first kind, any numbers from 0.</param>
    /// <param name="second">For each row its cluster of the second kind.</param>
    /// <param name="weights">Row weights, or none for 1 each.</param>
    public static double OfMeanTwoWay(
        ReadOnlySpan<double> values,
        ReadOnlySpan<int> first,
        ReadOnlySpan<int> second,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(first.Length, values.Length);
        Check.Length(second.Length, values.Length);
        var numbers = new Dictionary<(int, int), int>();
        var both = new int[values.Length];
        for (var row = 0; row < values.Length; row++)
        {
            ref var number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                numbers,
                (first[row], second[row]),
                out var known
            );
            both[row] = number = known ? number : numbers.Count - 1;
        }
        var byFirst = OfMean(values, first, Count(first), weights);
        var bySecond = OfMean(values, second, Count(second), weights);
        var byBoth = OfMean(values, both, numbers.Count, weights);
        var variance = byFirst * byFirst + bySecond * bySecond - byBoth * byBoth;
        return variance > 0 ? Math.Sqrt(variance) : Math.Max(byFirst, bySecond);
    }

    private static int Count(ReadOnlySpan<int> clusters) =>
        clusters.IsEmpty ? 0 : System.Numerics.Tensors.TensorPrimitives.Max(clusters) + 1;

    /// <summary>How many clusters have a numerator or a denominator.</summary>
    public static int TakingPart(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators)
    {
        Check.Length(denominators.Length, numerators.Length);
        var taking = 0;
        for (var c = 0; c < numerators.Length; c++)
            taking += numerators[c] != 0 || denominators[c] != 0 ? 1 : 0;
        return taking;
    }

    /// <summary>
    /// What each cluster adds to a sum of ratios to first order, Σ_j (N_jc − θ_j D_jc) / ΣD_j: the numbers whose squares make
    /// the standard error. Zeros where there are no ratios.
    /// </summary>
    public static double[] Influence(ReadOnlySpan<RatioColumns> ratios)
    {
        var influence = new double[ratios.IsEmpty ? 0 : ratios[0].Numerators.Length];
        foreach (var (numerators, denominators) in ratios)
        {
            Check.Length(numerators.Length, influence.Length);
            AddInfluence(numerators, denominators, influence);
        }
        return influence;
    }

    /// <summary>
    /// The degrees of freedom ν with which Student's t gives an estimate with these influences the right 95 % interval to second
    /// order in 1/n: 1/ν = 1/(n − 1) + 4 [γ² (z⁴ + 2z² − 3)/18 − κ (z² − 3)/12] / (n (z² + 1)), γ and κ their skewness and excess
    /// kurtosis, z = 1.96. n − 1 without skewness; about as many as clusters matter where few do and all one way. Between 1 and
    /// n − 1; NaN below two clusters. Source: Hall, "The Bootstrap and Edgeworth Expansion", 1992, §2.6 and §3.5 (the polynomial q₂ of the
    /// studentised mean), set equal to the expansion of Student's quantile.
    /// </summary>
    /// <param name="influence">One number for each cluster, of mean 0.</param>
    public static double DegreesOfFreedom(ReadOnlySpan<double> influence)
    {
        double n = influence.Length,
            largest = 0,
            squares = 0,
            cubes = 0,
            fourths = 0;
        if (n < 2)
            return double.NaN;
        foreach (var u in influence)
            largest = Math.Max(largest, Math.Abs(u));
        if (largest == 0)
            return n - 1;
        foreach (var u in influence)
        {
            var share = u / largest;
            squares += share * share;
            cubes += share * share * share;
            fourths += share * share * share * share;
        }
        return Fitted(n, cubes * cubes / (squares * squares * squares), fourths / (squares * squares));
    }

    /// <summary>
    /// The same from replicates of a Poisson bootstrap, for an estimate whose influences are not at hand: to first order they are Σ (w_c − 1) u_c,
    /// and all cumulants of a Poisson(1) weight are 1, so that the replicates' skewness is Σu³ / (Σu²)^³ᐟ² and their excess kurtosis Σu⁴ / (Σu²)².
    /// What the number of replicates adds to the square of the skewness by chance is taken off. Undefined replicates are left out; n − 1 where fewer than
    /// 20 are defined or they do not vary; NaN below two clusters. Only for estimates that are smooth in the weights: not for ranks.
    /// </summary>
    /// <param name="replicates">The estimate under each replicate's weights.</param>
    /// <param name="clusters">How many clusters were resampled.</param>
    public static double DegreesOfFreedomOfReplicates(ReadOnlySpan<double> replicates, int clusters)
    {
        const int Fewest = 20;
        if (clusters < 2)
            return double.NaN;
        double count = 0,
            mean = 0;
        foreach (var value in replicates)
            if (!double.IsNaN(value))
                mean += (value - mean) / ++count;
        double squares = 0,
            cubes = 0,
            fourths = 0;
        foreach (var value in replicates)
        {
            if (double.IsNaN(value))
                continue;
            var square = (value - mean) * (value - mean);
            squares += square / count;
            cubes += square * (value - mean) / count;
            fourths += square * square / count;
        }
        if (count < Fewest || !(squares > 0))
            return clusters - 1;
        var skewness = Math.Max(0, cubes * cubes / (squares * squares * squares) - 6 / count);
        return Fitted(clusters, skewness, Math.Max(1.0 / clusters, fourths / (squares * squares) - 3));
    }

    // cubes: (Σu³)² / (Σu²)³; fourths: Σu⁴ / (Σu²)². In these the squared skewness is n · cubes, the kurtosis n · fourths.
    private static double Fitted(double n, double cubes, double fourths)
    {
        var z2 = NormalEnd * NormalEnd;
        var wider = 4 * (cubes * (z2 * z2 + 2 * z2 - 3) / 18 - (fourths - 3 / n) * (z2 - 3) / 12) / (z2 + 1);
        return 1 / Math.Clamp(1 / (n - 1) + wider, 1 / (n - 1), 1);
    }

    private static void AddInfluence(
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators,
        Span<double> influence
    )
    {
        var ratio = Ratio(numerators, denominators);
        var total = System.Numerics.Tensors.TensorPrimitives.Sum(denominators);
        for (var c = 0; c < influence.Length; c++)
            influence[c] += (numerators[c] - ratio * denominators[c]) / total;
    }

    private static double OfInfluence(ReadOnlySpan<double> influence, int taking)
    {
        if (taking < 2)
            return double.NaN;
        var squares = 0.0;
        foreach (var u in influence)
            squares += u * u;
        return Math.Sqrt(taking / (taking - 1.0) * squares);
    }
}
