using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Assay.Statistics;

/// <summary>
/// 64-bit hashes that never change: XXH3 (seed 0) over explicit little-endian bytes, the same on every platform and in
/// every version. For keys and streams of randomness; not for security.
/// </summary>
public static class StableHash
{
    /// <summary>The XXH3 64-bit hash of the bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>The hash of the text's UTF-8 bytes.</summary>
    public static ulong Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var buffer = size <= 512 ? stackalloc byte[size] : new byte[size];
        return Of(buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
    }

    /// <summary>The hash of the number's eight little-endian bytes.</summary>
    public static ulong Of(long value) => Of((ulong)value);

    /// <summary>The hash of the number's eight little-endian bytes.</summary>
    public static ulong Of(ulong value)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        return XxHash3.HashToUInt64(buffer);
    }

    /// <summary>The hash of the pair, in this order: sixteen little-endian bytes.</summary>
    public static ulong Combine(ulong first, ulong second)
    {
        Span<byte> buffer = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, first);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[8..], second);
        return XxHash3.HashToUInt64(buffer);
    }

    /// <summary>
    /// The hash of a named purpose and a key: the usual way to name a stream of <see cref="CounterRandom"/>.
    /// </summary>
    public static ulong Combine(string purpose, ulong key) => Combine(Of(purpose), key);
}
