using Assay.Onnx;

namespace Assay.Runtime;

/// <summary>
/// Runs any number of rows through a session, batch by batch, with buffers that are used again. One for each thread; the
/// session may be shared.
/// </summary>
public sealed class BatchRunner
{
    private readonly Session session;
    private readonly BatchPlan plan;
    private readonly RowBatch batch = new();
    private readonly Dictionary<int, Dictionary<string, TensorData>> results = [];
    private string shapes = "";

    /// <summary>A runner over a session that stays the caller's.</summary>
    public BatchRunner(Session session, BatchPlan? plan = null) =>
        (this.session, this.plan) = (session, plan ?? BatchPlan.For(session));

    /// <summary>
    /// The outputs for all rows, rows being the first dimension of every feed and of every output. Feeds that are the
    /// same for all rows go into <paramref name="shared"/> and are passed as they are. Throws an input error where rows
    /// differ in number, or an output has not one entry for each row.
    /// </summary>
    public IReadOnlyDictionary<string, TensorData> Run(
        IReadOnlyDictionary<string, TensorData> feeds,
        IReadOnlyList<string>? outputs = null,
        IReadOnlyDictionary<string, TensorData>? shared = null
    )
    {
        outputs ??= [.. session.Outputs.Select(o => o.Name)];
        var rows = RowsOf(feeds);
        ForgetResultsOfOtherShapes(feeds, shared);
        var all = new Dictionary<string, TensorData>();
        for (var b = 0; b < plan.Batches(rows); b++)
        {
            var (from, to) = plan.Range(b, rows);
            var padded = plan.Padded(to - from);
            var part = RunPadded(With(batch.Take(feeds, from, to, padded), shared), outputs, padded);
            foreach (var output in outputs)
                Store(all, output, part[output], from, to, rows, padded);
        }
        return all;
    }

    private void ForgetResultsOfOtherShapes(
        IReadOnlyDictionary<string, TensorData> feeds,
        IReadOnlyDictionary<string, TensorData>? shared
    )
    {
        var now = string.Join(
            ";",
            feeds
                .Select(f => $"{f.Key}:{string.Join(",", f.Value.Dims.Skip(1))}")
                .Concat((shared ?? new Dictionary<string, TensorData>()).Select(f => $"{f.Key}={f.Value}"))
        );
        if (now != shapes)
            results.Clear();
        shapes = now;
    }

    private Dictionary<string, TensorData> RunPadded(
        IReadOnlyDictionary<string, TensorData> feeds,
        IReadOnlyList<string> outputs,
        int padded
    )
    {
        if (results.TryGetValue(padded, out var into) && outputs.Count == into.Count && outputs.All(into.ContainsKey))
        {
            session.Run(feeds, into);
            return into;
        }
        var fresh = session.Run(feeds, outputs).ToDictionary(o => o.Key, o => o.Value);
        // Only what every run of this size will fill again can be kept: not strings, whose arrays cannot be written to.
        if (fresh.Values.All(t => t.Values is not string[]))
            results[padded] = fresh;
        return fresh;
    }

    private static void Store(
        Dictionary<string, TensorData> all,
        string output,
        TensorData part,
        int from,
        int to,
        int rows,
        int padded
    )
    {
        var dims = part.Dims is [] && padded == 1 ? [1] : part.Dims;
        if (dims is [] || dims[0] != padded)
            throw AssayException.Input(
                $"Output '{output}' is [{string.Join(", ", part.Dims)}] for {padded} rows; its first dimension must count rows."
            );
        if (!all.TryGetValue(output, out var whole))
        {
            var values = ElementTypes.NewArray(part.Type, checked((int)(part.Count / padded * (long)rows)));
            all[output] = whole = TensorData.Create(part.Type, [rows, .. dims.AsSpan(1)], values);
        }
        var width = part.Count / padded;
        if (!whole.Dims.AsSpan(1).SequenceEqual(dims.AsSpan(1)))
            throw AssayException.Input(
                $"Output '{output}' is [{string.Join(", ", part.Dims)}] for rows {from} to {to - 1}, but [{string.Join(", ", whole.Dims)}] before; its size must not depend on the data."
            );
        Array.Copy(part.Values, 0, whole.Values, (long)from * width, (long)(to - from) * width);
    }

    private static int RowsOf(IReadOnlyDictionary<string, TensorData> feeds)
    {
        string? first = null;
        foreach (var (name, tensor) in feeds)
        {
            if (tensor.Dims.Length == 0)
                throw AssayException.Input($"Input '{name}' is a scalar; its first dimension must count rows.");
            if (first is not null && tensor.Dims[0] != feeds[first].Dims[0])
                throw AssayException.Input(
                    $"Input '{name}' has {tensor.Dims[0]} rows, but '{first}' has {feeds[first].Dims[0]}; every input needs the same rows."
                );
            first ??= name;
        }
        if (first is null || feeds[first].Dims[0] == 0)
            throw AssayException.Input("There are no rows to run.");
        return checked((int)feeds[first].Dims[0]);
    }

    private static IReadOnlyDictionary<string, TensorData> With(
        IReadOnlyDictionary<string, TensorData> feeds,
        IReadOnlyDictionary<string, TensorData>? shared
    ) => shared is null or { Count: 0 } ? feeds : feeds.Concat(shared).ToDictionary(f => f.Key, f => f.Value);
}
