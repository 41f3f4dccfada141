namespace Assay.Statistics;

/// <summary>
/// The Poisson bootstrap over clusters: in each replicate every cluster, with all its rows, counts Poisson(1) times. An
/// estimator that is a ratio (or sum of ratios) of per-cluster sums is recomputed under each replicate's weights. The
/// weights depend on (seed, cluster key, replicate) only, so estimators evaluated apart, by other threads or machines,
/// share their replicates: differences between them may be taken replicate by replicate. Safe for use by many threads.
/// Sources: Chamandy et al. 2012 (Poisson weights), Field and Welsh 2007 (clusters).
/// </summary>
public sealed partial class ClusterBootstrap
{
    private const long DefaultCache = 256L << 20;
    private readonly ReplicateWeights _weights;

    /// <summary>A bootstrap over the clusters with these keys.</summary>
    /// <param name="clusterKeys">One key for each cluster, in the order of all per-cluster values given later.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="replicates">How many replicates.</param>
    /// <param name="cacheBytes">Weights (clusters × replicates bytes) are kept if they fit, else made again at each
    /// use.</param>
    public ClusterBootstrap(
        ReadOnlySpan<ulong> clusterKeys,
        ulong seed,
        int replicates = 1000,
        long cacheBytes = DefaultCache
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicates);
        Seed = seed;
        Replicates = replicates;
        Clusters = clusterKeys.Length;
        _weights = new ReplicateWeights(clusterKeys, seed, replicates, cacheBytes);
    }

    /// <summary>The number of clusters.</summary>
    public int Clusters { get; }

    /// <summary>The number of replicates.</summary>
    public int Replicates { get; }

    /// <summary>The seed of the weights.</summary>
    public ulong Seed { get; }

    /// <summary>
    /// Replicates of weighted sums Σ_c w_c v_c of many columns at once: the fast form. Sums over disjoint clusters
    /// may be added up (in a fixed order), so parts of the data can be summed apart.
    /// </summary>
    /// <param name="values">Columns one after the other, columns × clusters.</param>
    /// <param name="sums">Receives columns × replicates.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Sums(ReadOnlySpan<double> values, Span<double> sums) => Sums(default, Clusters, values, sums);

    /// <summary>As the dense form, for values that are 0 but at some clusters (a small segment).</summary>
    /// <param name="clusters">The indices of the clusters that take part, ascending.</param>
    /// <param name="values">Columns one after the other, columns × clusters taking part.</param>
    /// <param name="sums">Receives columns × replicates.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or the indices do not ascend within
    /// range.</exception>
    public void Sums(ReadOnlySpan<int> clusters, ReadOnlySpan<double> values, Span<double> sums)
    {
        CheckAscending(clusters);
        Sums(clusters, clusters.Length, values, sums);
    }

    /// <summary>Replicates of one ratio Σ w numerator / Σ w denominator; NaN where the denominator vanishes.</summary>
    /// <exception cref="ArgumentException">There is not one number for each cluster.</exception>
    public double[] Ratios(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators) =>
        SumOfRatios([new RatioColumns(numerators.ToArray(), denominators.ToArray())]);

    /// <summary>Replicates of one ratio in which only some clusters take part.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or the indices do not ascend within
    /// range.</exception>
    public double[] Ratios(
        ReadOnlySpan<int> clusters,
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators
    ) => SumOfRatios(clusters, [new RatioColumns(numerators.ToArray(), denominators.ToArray())]);

    /// <summary>Replicates of many ratios at once: several times faster than one by one.</summary>
    /// <param name="numerators">Columns one after the other, ratios × clusters.</param>
    /// <param name="denominators">The same, or one column that all ratios share.</param>
    /// <param name="replicates">Receives ratios × replicates; NaN where a denominator vanishes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void RatiosOfMany(
        ReadOnlySpan<double> numerators,
        ReadOnlySpan<double> denominators,
        Span<double> replicates
    )
    {
        Sums(numerators, replicates);
        var shared = denominators.Length == Clusters;
        var below = new double[shared ? Replicates : replicates.Length];
        Sums(denominators, below);
        for (var i = 0; i < replicates.Length; i++)
        {
            var denominator = below[shared ? i % Replicates : i];
            replicates[i] = denominator == 0 ? double.NaN : replicates[i] / denominator;
        }
    }

    /// <summary>Replicates of Σ_j ratio_j over all clusters.</summary>
    public double[] SumOfRatios(ReadOnlySpan<RatioColumns> ratios) => SumOfRatios(default, Clusters, ratios);

    /// <summary>Replicates of Σ_j ratio_j in which only some clusters take part.</summary>
    public double[] SumOfRatios(ReadOnlySpan<int> clusters, ReadOnlySpan<RatioColumns> ratios)
    {
        // An empty list of clusters means none here, not all: every replicate is then undefined.
        if (clusters.IsEmpty)
            return Undefined();
        CheckAscending(clusters);
        return SumOfRatios(clusters, clusters.Length, ratios);
    }

    /// <summary>
    /// Replicates of the AUC, Σ w ΣV10 / Σ w n₊ + Σ w ΣV01 / Σ w n₋ − AUC; NaN where a class vanishes.
    /// </summary>
    /// <exception cref="ArgumentException">The sums are not of these clusters.</exception>
    public double[] Auc(AucClusterSums sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        var replicates = SumOfRatios([
            new RatioColumns(sums.PositivePlacements, sums.PositiveWeights),
            new RatioColumns(sums.NegativePlacements, sums.NegativeWeights),
        ]);
        for (var r = 0; r < replicates.Length; r++)
            replicates[r] -= sums.Auc;
        return replicates;
    }

    /// <summary>The weights of all clusters in one replicate.</summary>
    public void Weights(int replicate, Span<byte> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicate);
        Check.Length(weights.Length, Clusters);
        for (var c = 0; c < weights.Length; c++)
            weights[c] = PoissonWeights.At(Seed, _weights.Keys[c], replicate);
    }

    private double[] SumOfRatios(ReadOnlySpan<int> chosen, int clusters, ReadOnlySpan<RatioColumns> ratios)
    {
        var values = new double[2 * ratios.Length * clusters];
        for (var j = 0; j < ratios.Length; j++)
        {
            Check.Length(ratios[j].Numerators.Length, clusters);
            Check.Length(ratios[j].Denominators.Length, clusters);
            ratios[j].Numerators.CopyTo(values, 2 * j * clusters);
            ratios[j].Denominators.CopyTo(values, (2 * j + 1) * clusters);
        }
        var sums = new double[2 * ratios.Length * Replicates];
        Sums(chosen, clusters, values, sums);
        var result = new double[Replicates];
        for (var j = 0; j < ratios.Length; j++)
        {
            var numerators = sums.AsSpan(2 * j * Replicates, Replicates);
            var denominators = sums.AsSpan((2 * j + 1) * Replicates, Replicates);
            for (var r = 0; r < result.Length; r++)
                result[r] += denominators[r] == 0 ? double.NaN : numerators[r] / denominators[r];
        }
        return result;
    }

    private void Sums(ReadOnlySpan<int> chosen, int clusters, ReadOnlySpan<double> values, Span<double> sums)
    {
        if (sums.Length % Replicates != 0)
            throw new ArgumentException($"{sums.Length} sums are not a multiple of {Replicates} replicates.");
        var columns = sums.Length / Replicates;
        Check.Length(values.Length, columns * clusters);
        var tileSums = new double[columns * ReplicateWeights.Lanes];
        var chunk = new double[WeightedSums.ChunkSize(clusters)];
        byte[]? scratch = null;
        for (var tile = 0; tile < _weights.Tiles; tile++)
        {
            Array.Clear(tileSums);
            WeightedSums.AddTile(_weights.Tile(tile, ref scratch), chosen, values, columns, chunk, tileSums);
            var first = tile * ReplicateWeights.Lanes;
            var count = Math.Min(ReplicateWeights.Lanes, Replicates - first);
            for (var column = 0; column < columns; column++)
                tileSums.AsSpan(column * ReplicateWeights.Lanes, count).CopyTo(sums[(column * Replicates + first)..]);
        }
    }

    private void CheckAscending(ReadOnlySpan<int> clusters)
    {
        var previous = -1;
        foreach (var cluster in clusters)
        {
            if (cluster <= previous || cluster >= Clusters)
                throw new ArgumentException(
                    $"Cluster {cluster} follows {previous}: indices ascend within 0 .. {Clusters - 1}."
                );
            previous = cluster;
        }
    }

    private double[] Undefined()
    {
        var values = new double[Replicates];
        Array.Fill(values, double.NaN);
        return values;
    }
}

/// <summary>A ratio estimator: per cluster its numerator's and its denominator's sum.</summary>
public sealed record RatioColumns(double[] Numerators, double[] Denominators);
