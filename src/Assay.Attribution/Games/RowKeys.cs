using System.Runtime.InteropServices;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>
/// What names a row's own random numbers: a hash of its values. So a row is explained by the same draws in any company, and
/// the errors of different rows are independent.
/// </summary>
internal static class RowKeys
{
    /// <summary>One key a row: graph inputs by name, the first dimension of each counting rows.</summary>
    public static ulong[] Of(IReadOnlyDictionary<string, TensorData> rows)
    {
        var keys = new ulong[RowsOfInputs.Count(rows, "rows")];
        foreach (var (name, tensor) in rows.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            var purpose = StableHash.Of(name);
            var width = tensor.Count / keys.Length;
            for (var r = 0; r < keys.Length; r++)
                keys[r] = StableHash.Combine(
                    keys[r],
                    StableHash.Combine(purpose, Hash(tensor.Values, r * width, width))
                );
        }
        return keys;
    }

    private static ulong Hash(Array values, int from, int count)
    {
        if (values is string[] texts)
            return texts
                .AsSpan(from, count)
                .ToArray()
                .Aggregate(0UL, (h, t) => StableHash.Combine(h, StableHash.Of(t)));
        if (values is Half[] halves)
            return StableHash.Of(MemoryMarshal.AsBytes(halves.AsSpan(from, count)));
        var bytes = Buffer.ByteLength(values);
        var size = bytes / Math.Max(1, values.Length);
        var all = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), bytes);
        return StableHash.Of(all.Slice(from * size, count * size));
    }
}
