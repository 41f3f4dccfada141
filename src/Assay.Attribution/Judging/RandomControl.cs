using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>The control: attributions that are standard normal numbers, named by a hash of the row. It never looks at the model.</summary>
internal static class RandomControl
{
    public static double[] Attributions(IReadOnlyDictionary<string, TensorData> rows, int features, ulong seed)
    {
        var keys = RowKeys.Of(rows);
        var result = new double[keys.Length * features];
        for (var r = 0; r < keys.Length; r++)
        {
            var random = new CounterRandom(seed, "judge control", keys[r]);
            for (var f = 0; f < features; f++)
                result[r * features + f] = random.NextNormal();
        }
        return result;
    }
}
