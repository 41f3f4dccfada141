namespace Assay.Statistics;

/// <summary>
/// Weights of the Poisson bootstrap: a Poisson(1) number for each cluster and replicate, a pure function of (seed,
/// cluster key, replicate), so machines that share nothing agree. Source: Chamandy, Muralidharan, Najmi and Naidu,
/// "Estimating uncertainty for massive data streams", Google 2012.
/// </summary>
public static class PoissonWeights
{
    // Keeps these draws apart from every stream of CounterRandom, which counts blocks from 0 in this word.
    private const uint Purpose = 0x504F4953;
    private const int BucketBits = 10;

    /// <summary>Thresholds[k] = ⌊2³² P(X ≤ k)⌋: a word u stands for the number of thresholds at or below it.</summary>
    internal static readonly uint[] Thresholds = MakeThresholds();
    private static readonly byte[] FirstOfBucket = MakeBuckets();

    /// <summary>
    /// Writes the weights of one cluster for replicates <paramref name="firstReplicate"/>, +1, … in order. A sub-range
    /// filled alone equals the same part of the whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstReplicate"/> is negative.</exception>
    public static void Fill(ulong seed, ulong clusterKey, Span<byte> weights, int firstReplicate = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstReplicate);
        var replicate = (uint)firstReplicate;
        var i = 0;
        for (; i < weights.Length && (replicate & 3) != 0; i++, replicate++)
            weights[i] = At(seed, clusterKey, (int)replicate);
        for (; i + 4 <= weights.Length; i += 4, replicate += 4)
        {
            var block = BlockAt(seed, clusterKey, replicate >> 2);
            weights[i] = Invert(block.W0);
            weights[i + 1] = Invert(block.W1);
            weights[i + 2] = Invert(block.W2);
            weights[i + 3] = Invert(block.W3);
        }
        for (; i < weights.Length; i++, replicate++)
            weights[i] = At(seed, clusterKey, (int)replicate);
    }

    /// <summary>The weight of one cluster in one replicate.</summary>
    public static byte At(ulong seed, ulong clusterKey, int replicate) =>
        Invert(BlockAt(seed, clusterKey, (uint)replicate >> 2)[replicate & 3]);

    /// <summary>The Poisson(1) number a random word stands for.</summary>
    internal static byte Invert(uint word)
    {
        var count = FirstOfBucket[word >> (32 - BucketBits)];
        while (count < Thresholds.Length && word >= Thresholds[count])
            count++;
        return count;
    }

    private static PhiloxBlock BlockAt(ulong seed, ulong clusterKey, uint block) =>
        Philox.Block(block, Purpose, (uint)clusterKey, (uint)(clusterKey >> 32), (uint)seed, (uint)(seed >> 32));

    private static uint[] MakeThresholds()
    {
        var thresholds = new List<uint>();
        // Decimal arithmetic is exact enough (28 digits) and the same on every platform.
        const decimal inverseE = 0.3678794411714423215955237702m;
        var term = inverseE;
        var cumulative = term;
        for (var k = 1; ; k++)
        {
            var threshold = decimal.Floor(cumulative * 4294967296m);
            // From here on the tail is smaller than one step of a 32-bit word.
            if (thresholds.Count > 0 && threshold <= thresholds[^1] || threshold > uint.MaxValue)
                return [.. thresholds];
            thresholds.Add((uint)threshold);
            term /= k;
            cumulative += term;
        }
    }

    private static byte[] MakeBuckets()
    {
        var first = new byte[1 << BucketBits];
        for (var bucket = 0; bucket < first.Length; bucket++)
        {
            var start = (uint)bucket << (32 - BucketBits);
            byte count = 0;
            while (count < Thresholds.Length && start >= Thresholds[count])
                count++;
            first[bucket] = count;
        }
        return first;
    }
}
