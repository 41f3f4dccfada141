using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>Rows picked out of those given.</summary>
internal static class RowSample
{
    /// <summary>The numbers of at most so many rows, drawn without replacement, ascending.</summary>
    public static int[] Pick(int rows, int atMost, ulong seed, string purpose)
    {
        if (rows <= atMost)
            return [.. Enumerable.Range(0, rows)];
        return [.. new CounterRandom(seed, purpose).Permutation(rows).Take(atMost).Order()];
    }

    /// <summary>Copies of the rows of some numbers.</summary>
    public static IReadOnlyDictionary<string, TensorData> Take(
        IReadOnlyDictionary<string, TensorData> rows,
        int[] numbers
    ) => new RowBatch().Take(rows, numbers, numbers.Length);
}
