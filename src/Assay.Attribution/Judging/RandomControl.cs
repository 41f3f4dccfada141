using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>The control: attributions that are standard normal numbers, named by a hash of the row. It never looks at the model.</summary>
internal static class RandomControl
{
    public static double[] Attributions(IReadOnlyDictionary<string, TensorData> rows, int features, ulong seed)
    {
        var count = (int)rows.Values.First().Dims[0];
        var result = new double[count * features];
        for (var r = 0; r < count; r++)
        {
            var random = new CounterRandom(seed, "judge control", Hash(rows, r));
            for (var f = 0; f < features; f++)
                result[r * features + f] = random.NextNormal();
        }
        return result;
    }

    private static ulong Hash(IReadOnlyDictionary<string, TensorData> rows, int row)
    {
        var hash = 0UL;
        foreach (var (name, tensor) in rows.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            var width = tensor.Count / (int)tensor.Dims[0];
            hash = StableHash.Combine(hash, StableHash.Of(name));
            for (var i = row * width; i < (row + 1) * width; i++)
                hash = StableHash.Combine(hash, Bits(tensor.Values, i));
        }
        return hash;
    }

    private static ulong Bits(Array values, int i) =>
        values switch
        {
            float[] v => BitConverter.SingleToUInt32Bits(v[i]),
            double[] v => BitConverter.DoubleToUInt64Bits(v[i]),
            long[] v => (ulong)v[i],
            int[] v => (ulong)v[i],
            string[] v => StableHash.Of(v[i]),
            _ => StableHash.Of(
                Convert.ToString(values.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)!
            ),
        };
}
