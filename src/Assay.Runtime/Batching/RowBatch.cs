using Assay.Onnx;

namespace Assay.Runtime;

/// <summary>
/// Copies rows out of tensors whose first dimension counts rows, into tensors that are kept and used again: the result of
/// one call is overwritten by the next of the same padded size. Not for several threads.
/// </summary>
public sealed class RowBatch
{
    private readonly Dictionary<(string Name, int Rows), TensorData> kept = [];
    private readonly Dictionary<int, Dictionary<string, TensorData>> batches = [];

    /// <summary>
    /// Rows <paramref name="from"/> to <paramref name="to"/> (exclusive) of every tensor, the last row repeated until
    /// there are <paramref name="padded"/>.
    /// </summary>
    public IReadOnlyDictionary<string, TensorData> Take(
        IReadOnlyDictionary<string, TensorData> rows,
        int from,
        int to,
        int padded
    )
    {
        Require(from < to && to - from <= padded, $"rows {from} to {to} padded to {padded}");
        var batch = Batch(padded, rows);
        foreach (var (name, source) in rows)
        {
            Require(to <= Rows(source), $"'{name}' has {Rows(source)} rows, not {to}");
            var (target, width) = Target(name, source, padded);
            Array.Copy(source.Values, (long)from * width, target.Values, 0, (long)(to - from) * width);
            Pad(target, width, to - from, padded);
            batch[name] = target;
        }
        return batch;
    }

    /// <summary>The rows of the given numbers, in that order, the last repeated until there are enough.</summary>
    public IReadOnlyDictionary<string, TensorData> Take(
        IReadOnlyDictionary<string, TensorData> rows,
        ReadOnlySpan<int> numbers,
        int padded
    )
    {
        Require(!numbers.IsEmpty && numbers.Length <= padded, $"{numbers.Length} rows padded to {padded}");
        var batch = Batch(padded, rows);
        foreach (var (name, source) in rows)
        {
            var (target, width) = Target(name, source, padded);
            Pick(source.Values, target.Values, numbers, width);
            Pad(target, width, numbers.Length, padded);
            batch[name] = target;
        }
        return batch;
    }

    private Dictionary<string, TensorData> Batch(int padded, IReadOnlyDictionary<string, TensorData> rows)
    {
        if (!batches.TryGetValue(padded, out var batch))
            batches[padded] = batch = [];
        if (batch.Count != rows.Count || !rows.Keys.All(batch.ContainsKey))
            batch.Clear();
        return batch;
    }

    private (TensorData Target, int Width) Target(string name, TensorData source, int padded)
    {
        Require(source.Dims.Length > 0, $"'{name}' is a scalar");
        Require(source.Dims[0] > 0, $"'{name}' has no rows");
        var width = source.Count / (int)source.Dims[0];
        if (
            !kept.TryGetValue((name, padded), out var target)
            || target.Type != source.Type
            || !target.Dims.AsSpan(1).SequenceEqual(source.Dims.AsSpan(1))
        )
        {
            var values = ElementTypes.NewArray(source.Type, checked(padded * width));
            target = TensorData.Create(source.Type, [padded, .. source.Dims.AsSpan(1)], values);
            kept[(name, padded)] = target;
        }
        return (target, width);
    }

    private static void Pick(Array source, Array target, ReadOnlySpan<int> numbers, int width)
    {
        switch (source)
        {
            case long[] s:
                Pick<long>(s, (long[])target, numbers, width);
                break;
            case float[] s:
                Pick<float>(s, (float[])target, numbers, width);
                break;
            case int[] s:
                Pick<int>(s, (int[])target, numbers, width);
                break;
            default:
                for (var i = 0; i < numbers.Length; i++)
                    Array.Copy(source, (long)numbers[i] * width, target, (long)i * width, width);
                break;
        }
    }

    // Models often have one input per feature, each one number wide, where a call per number costs more than the copy.
    private static void Pick<T>(ReadOnlySpan<T> source, Span<T> target, ReadOnlySpan<int> numbers, int width)
    {
        if (width == 1)
            for (var i = 0; i < numbers.Length; i++)
                target[i] = source[numbers[i]];
        else
            for (var i = 0; i < numbers.Length; i++)
                source.Slice(numbers[i] * width, width).CopyTo(target[(i * width)..]);
    }

    private static void Pad(TensorData target, int width, int rows, int padded)
    {
        for (var i = rows; i < padded; i++)
            Array.Copy(target.Values, (long)(rows - 1) * width, target.Values, (long)i * width, width);
    }

    private static long Rows(TensorData tensor) => tensor.Dims.Length == 0 ? 0 : tensor.Dims[0];

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new ArgumentException($"No such rows: {what}.");
    }
}
