using Assay.Statistics;

namespace Assay.Fuzz;

/// <summary>Damage to a file's bytes, as of a cut-off download or a hostile upload.</summary>
internal static class ByteMutations
{
    /// <summary>The bytes after one to eight changes; <paramref name="other"/> is a second file to splice from.</summary>
    public static byte[] Apply(byte[] bytes, byte[] other, CounterRandom random)
    {
        for (var n = 1 + random.NextInt(random.NextInt(8) + 1); n > 0 && bytes.Length > 0; n--)
            bytes = One(bytes, other, random);
        return bytes;
    }

    private static byte[] One(byte[] bytes, byte[] other, CounterRandom random)
    {
        var at = random.NextInt(bytes.Length);
        var end = Math.Min(bytes.Length, at + 1 + random.NextInt(16));
        switch (random.NextInt(7))
        {
            case 0:
                var flipped = bytes.ToArray();
                flipped[at] ^= (byte)(1 << random.NextInt(8));
                return flipped;
            case 1:
                var changed = bytes.ToArray();
                changed[at] = (byte)random.NextInt(256);
                return changed;
            case 2:
                return [.. bytes[..at], .. Noise(random), .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                // Mostly near the end: a cut at a random place is nearly always refused the same way.
                return bytes[..(random.NextBool(0.5) ? at : Math.Max(1, bytes.Length - random.NextInt(64)))];
            case 5:
                return [.. bytes[..end], .. bytes[at..]];
            default:
                var from = random.NextInt(other.Length);
                var to = Math.Min(other.Length, from + 1 + random.NextInt(64));
                return [.. bytes[..at], .. other[from..to], .. bytes[end..]];
        }
    }

    private static byte[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, 1 + random.NextInt(8)).Select(_ => (byte)random.NextInt(256))];
}
