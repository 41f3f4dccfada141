using Assay.Cli.Input;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Cli.Judging;

/// <summary>
/// Rows drawn without replacement in one pass: those whose numbers have the smallest random keys, so that the draw depends on the
/// seed and the row numbers alone.
/// </summary>
internal static class RowSample
{
    private const int PartRows = 8192;

    public static (IReadOnlyDictionary<string, TensorData> Rows, long[] Numbers) Draw(
        IRowSource source,
        int size,
        ulong seed
    )
    {
        var stream = StableHash.Of("judge rows");
        var kept = new PriorityQueue<(RowPart Part, int At), ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        foreach (var part in source.Parts(PartRows))
        {
            var count = (int)part.Rows.Values.First().Dims[0];
            for (var i = 0; i < count; i++)
            {
                var key = CounterRandom.UInt64At(seed, stream, (ulong)(part.First + i));
                if (kept.Count < size)
                    kept.Enqueue((part, i), key);
                else if (kept.TryPeek(out _, out var largest) && key < largest)
                    kept.EnqueueDequeue((part, i), key);
            }
        }
        var rows = kept.UnorderedItems.Select(i => i.Element).OrderBy(e => e.Part.First + e.At).ToArray();
        if (rows.Length == 0)
            throw AssayException.Input("There are no rows to judge by.");
        return (
            rows[0].Part.Rows.Keys.ToDictionary(n => n, n => Join(rows, n)),
            [.. rows.Select(r => r.Part.First + r.At)]
        );
    }

    private static TensorData Join((RowPart Part, int At)[] rows, string input)
    {
        var first = rows[0].Part.Rows[input];
        var width = first.Count / (int)first.Dims[0];
        var values = ElementTypes.NewArray(first.Type, width * rows.Length);
        for (var r = 0; r < rows.Length; r++)
            Array.Copy(rows[r].Part.Rows[input].Values, rows[r].At * width, values, r * width, width);
        return TensorData.Create(first.Type, [rows.Length, .. first.Dims[1..]], values);
    }
}
