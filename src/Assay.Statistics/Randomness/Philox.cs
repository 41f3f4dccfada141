namespace Assay.Statistics;

/// <summary>
/// Philox4x32-10, a counter-based generator: a block of four words is a pure function of counter and key, so any
/// draw can be made anywhere, in any order. Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC'11.
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>
    /// The four words that belong to a 128-bit counter (least significant word first) and a 64-bit key.
    /// </summary>
    public static PhiloxBlock Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)Multiplier0 * c0;
            var p1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new PhiloxBlock(c0, c1, c2, c3);
    }

    /// <summary>The block of a 128-bit counter given as two 64-bit halves and a 64-bit key.</summary>
    public static PhiloxBlock Block(ulong counterLow, ulong counterHigh, ulong key) =>
        Block(
            (uint)counterLow,
            (uint)(counterLow >> 32),
            (uint)counterHigh,
            (uint)(counterHigh >> 32),
            (uint)key,
            (uint)(key >> 32)
        );
}

/// <summary>Four words of random bits, as <see cref="Philox"/> makes them.</summary>
internal readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3)
{
    /// <summary>Word 0 to 3 of the block (the index is taken modulo 4).</summary>
    public uint this[int index] =>
        (index & 3) switch
        {
            0 => W0,
            1 => W1,
            2 => W2,
            _ => W3,
        };
}
