using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Assay.Statistics;

/// <summary>
/// The inner loops of the bootstrap: sums[column, replicate] = Σ_cluster weight[cluster, replicate] · value[column,
/// cluster], each sum taken in cluster order with fused multiply-adds, so neither vector width nor blocking nor threads
/// change a bit of it.
/// </summary>
internal static class WeightedSums
{
    private const int Lanes = ReplicateWeights.Lanes;

    // A chunk of converted weights (64 KiB) stays in the inner caches while all columns pass over it.
    private const int ChunkClusters = 1024;

    /// <summary>The scratch that <see cref="AddTile"/> needs for so many clusters.</summary>
    public static int ChunkSize(int clusters) => Math.Min(ChunkClusters, clusters) * Lanes;

    /// <summary>Adds up every column for one tile of eight replicates.</summary>
    /// <param name="weights">The tile's weights, clusters × 8.</param>
    /// <param name="chosen">The clusters that the columns speak of, or empty for all, in order.</param>
    /// <param name="values">Columns one after the other, each with one value for each cluster spoken of.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="chunk">Scratch of <see cref="ChunkSize"/> numbers.</param>
    /// <param name="sums">Columns × 8, zeroed by the caller.</param>
    public static void AddTile(
        ReadOnlySpan<byte> weights,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<double> values,
        int columns,
        Span<double> chunk,
        Span<double> sums
    )
    {
        var clusters = columns == 0 ? 0 : values.Length / columns;
        for (var first = 0; first < clusters; first += ChunkClusters)
        {
            var count = Math.Min(ChunkClusters, clusters - first);
            Widen(weights, chosen, first, chunk[..(count * Lanes)]);
            var column = 0;
            for (; column + 4 <= columns; column += 4)
                AddFour(chunk, values, clusters, column, first, count, sums);
            for (; column + 2 <= columns; column += 2)
                AddTwo(chunk, values, clusters, column, first, count, sums);
            if (column < columns)
                AddOne(chunk, values.Slice(column * clusters + first, count), sums.Slice(column * Lanes, Lanes));
        }
    }

    private static void Widen(ReadOnlySpan<byte> weights, ReadOnlySpan<int> chosen, int first, Span<double> target)
    {
        for (var i = 0; i < target.Length; i += Lanes)
        {
            var cluster = first + i / Lanes;
            var from = (chosen.IsEmpty ? cluster : chosen[cluster]) * Lanes;
            var eight = weights.Slice(from, Lanes);
            if (Avx.IsSupported)
            {
                var words = Vector128.WidenLower(Vector128.CreateScalar(MemoryMarshal.Read<ulong>(eight)).AsByte());
                Avx.ConvertToVector256Double(Vector128.WidenLower(words).AsInt32()).CopyTo(target[i..]);
                Avx.ConvertToVector256Double(Vector128.WidenUpper(words).AsInt32()).CopyTo(target[(i + 4)..]);
                continue;
            }
            for (var lane = 0; lane < Lanes; lane++)
                target[i + lane] = eight[lane];
        }
    }

    private static void AddFour(
        ReadOnlySpan<double> chunk,
        ReadOnlySpan<double> values,
        int stride,
        int column,
        int first,
        int count,
        Span<double> sums
    )
    {
        ref var w = ref MemoryMarshal.GetReference(chunk);
        ref var v0 = ref MemoryMarshal.GetReference(values.Slice(column * stride + first, count));
        ref var v1 = ref MemoryMarshal.GetReference(values.Slice((column + 1) * stride + first, count));
        ref var v2 = ref MemoryMarshal.GetReference(values.Slice((column + 2) * stride + first, count));
        ref var v3 = ref MemoryMarshal.GetReference(values.Slice((column + 3) * stride + first, count));
        ref var sum = ref MemoryMarshal.GetReference(sums.Slice(column * Lanes, 4 * Lanes));
        var a0 = Load(ref sum, 0);
        var b0 = Load(ref sum, 4);
        var a1 = Load(ref sum, 8);
        var b1 = Load(ref sum, 12);
        var a2 = Load(ref sum, 16);
        var b2 = Load(ref sum, 20);
        var a3 = Load(ref sum, 24);
        var b3 = Load(ref sum, 28);
        for (var i = 0; i < count; i++)
        {
            var low = Load(ref w, i * Lanes);
            var high = Load(ref w, i * Lanes + 4);
            var x = Vector256.Create(Unsafe.Add(ref v0, i));
            a0 = Vector256.FusedMultiplyAdd(low, x, a0);
            b0 = Vector256.FusedMultiplyAdd(high, x, b0);
            x = Vector256.Create(Unsafe.Add(ref v1, i));
            a1 = Vector256.FusedMultiplyAdd(low, x, a1);
            b1 = Vector256.FusedMultiplyAdd(high, x, b1);
            x = Vector256.Create(Unsafe.Add(ref v2, i));
            a2 = Vector256.FusedMultiplyAdd(low, x, a2);
            b2 = Vector256.FusedMultiplyAdd(high, x, b2);
            x = Vector256.Create(Unsafe.Add(ref v3, i));
            a3 = Vector256.FusedMultiplyAdd(low, x, a3);
            b3 = Vector256.FusedMultiplyAdd(high, x, b3);
        }
        a0.StoreUnsafe(ref sum);
        b0.StoreUnsafe(ref sum, 4);
        a1.StoreUnsafe(ref sum, 8);
        b1.StoreUnsafe(ref sum, 12);
        a2.StoreUnsafe(ref sum, 16);
        b2.StoreUnsafe(ref sum, 20);
        a3.StoreUnsafe(ref sum, 24);
        b3.StoreUnsafe(ref sum, 28);
    }

    private static void AddTwo(
        ReadOnlySpan<double> chunk,
        ReadOnlySpan<double> values,
        int stride,
        int column,
        int first,
        int count,
        Span<double> sums
    )
    {
        ref var w = ref MemoryMarshal.GetReference(chunk);
        ref var v0 = ref MemoryMarshal.GetReference(values.Slice(column * stride + first, count));
        ref var v1 = ref MemoryMarshal.GetReference(values.Slice((column + 1) * stride + first, count));
        ref var sum = ref MemoryMarshal.GetReference(sums.Slice(column * Lanes, 2 * Lanes));
        var a0 = Load(ref sum, 0);
        var b0 = Load(ref sum, 4);
        var a1 = Load(ref sum, 8);
        var b1 = Load(ref sum, 12);
        for (var i = 0; i < count; i++)
        {
            var low = Load(ref w, i * Lanes);
            var high = Load(ref w, i * Lanes + 4);
            var x = Vector256.Create(Unsafe.Add(ref v0, i));
            a0 = Vector256.FusedMultiplyAdd(low, x, a0);
            b0 = Vector256.FusedMultiplyAdd(high, x, b0);
            x = Vector256.Create(Unsafe.Add(ref v1, i));
            a1 = Vector256.FusedMultiplyAdd(low, x, a1);
            b1 = Vector256.FusedMultiplyAdd(high, x, b1);
        }
        a0.StoreUnsafe(ref sum);
        b0.StoreUnsafe(ref sum, 4);
        a1.StoreUnsafe(ref sum, 8);
        b1.StoreUnsafe(ref sum, 12);
    }

    private static void AddOne(ReadOnlySpan<double> chunk, ReadOnlySpan<double> values, Span<double> sums)
    {
        ref var w = ref MemoryMarshal.GetReference(chunk);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var a = Load(ref sum, 0);
        var b = Load(ref sum, 4);
        for (var i = 0; i < values.Length; i++)
        {
            var x = Vector256.Create(values[i]);
            a = Vector256.FusedMultiplyAdd(Load(ref w, i * Lanes), x, a);
            b = Vector256.FusedMultiplyAdd(Load(ref w, i * Lanes + 4), x, b);
        }
        a.StoreUnsafe(ref sum);
        b.StoreUnsafe(ref sum, 4);
    }

    private static Vector256<double> Load(ref double from, int offset) => Vector256.LoadUnsafe(ref from, (nuint)offset);
}
