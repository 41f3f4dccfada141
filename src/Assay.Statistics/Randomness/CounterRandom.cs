namespace Assay.Statistics;

/// <summary>
/// A stream of random numbers named by (seed, stream): no hidden state elsewhere, so what a stream yields does not
/// depend on threads or on other streams. Name streams with <see cref="StableHash"/>. Not thread safe; make one per
/// use. The i-th call of <see cref="NextDouble"/> on a fresh stream equals <see cref="UniformAt"/> with index i.
/// </summary>
public sealed class CounterRandom(ulong seed, ulong stream)
{
    private const double UlongToUnit = 1.0 / (1UL << 53);
    private PhiloxBlock _block;
    private ulong _words;
    private double _spareNormal = double.NaN;

    /// <summary>A stream named by a purpose and a key.</summary>
    public CounterRandom(ulong seed, string purpose, ulong key = 0)
        : this(seed, StableHash.Combine(purpose, key)) { }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        var lane = (int)(_words & 3);
        if (lane == 0)
            _block = Philox.Block(_words >> 2, stream, seed);
        _words++;
        return _block[lane];
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => ToUnit(NextUInt64());

    /// <summary>Standard normal (Box and Muller 1958; values come in pairs).</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }
        var (first, second) = NormalPair(NextUInt64(), NextUInt64());
        _spareNormal = second;
        return first;
    }

    /// <summary>
    /// Uniform over 0 .. exclusive−1, without bias (Lemire, "Fast random integer generation in an interval", 2019).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusive"/> is not positive.</exception>
    public int NextInt(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        var range = (uint)exclusive;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var reject = (0u - range) % range;
            while ((uint)product < reject)
                product = (ulong)NextUInt32() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>
    /// Poisson with the given mean: inversion below 10, else transformed rejection (PTRS, Hörmann 1993).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is negative, not finite or above 1e15.</exception>
    public long NextPoisson(double mean)
    {
        if (!(mean >= 0 && mean <= 1e15))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "A Poisson mean lies between 0 and 1e15.");
        return mean < 10 ? PoissonSampler.Invert(this, mean) : PoissonSampler.Reject(this, mean);
    }

    /// <summary>True with the given probability.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Puts the items in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A uniformly random order of 0 .. count−1.</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>The 64 bits at a position of a stream, without making the stream.</summary>
    public static ulong UInt64At(ulong seed, ulong stream, ulong index)
    {
        var block = Philox.Block(index >> 1, stream, seed);
        return (index & 1) == 0 ? block.W0 | ((ulong)block.W1 << 32) : block.W2 | ((ulong)block.W3 << 32);
    }

    /// <summary>The uniform number in [0, 1) at a position of a stream.</summary>
    public static double UniformAt(ulong seed, ulong stream, ulong index) => ToUnit(UInt64At(seed, stream, index));

    /// <summary>The standard normal number at a position of a stream.</summary>
    public static double NormalAt(ulong seed, ulong stream, ulong index)
    {
        var block = Philox.Block(index >> 1, stream, seed);
        var (first, second) = NormalPair(block.W0 | ((ulong)block.W1 << 32), block.W2 | ((ulong)block.W3 << 32));
        return (index & 1) == 0 ? first : second;
    }

    /// <summary>
    /// A whole number in 0 .. exclusive−1 at a position of a stream; its bias is below exclusive / 2⁶⁴.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusive"/> is not positive.</exception>
    public static int IntAt(ulong seed, ulong stream, ulong index, int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        return (int)Math.BigMul(UInt64At(seed, stream, index), (ulong)exclusive, out _);
    }

    private static double ToUnit(ulong bits) => (bits >> 11) * UlongToUnit;

    private static (double First, double Second) NormalPair(ulong radiusBits, ulong angleBits)
    {
        // 1 − u lies in (0, 1]: the logarithm stays finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - ToUnit(radiusBits)));
        var (sin, cos) = Math.SinCos(2 * Math.PI * ToUnit(angleBits));
        return (radius * cos, radius * sin);
    }
}
