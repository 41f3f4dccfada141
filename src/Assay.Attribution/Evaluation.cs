using System.Collections.Concurrent;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution;

/// <summary>A graph opened in ONNX Runtime, run by any number of threads, each with buffers of its own.</summary>
internal sealed class Evaluation(OnnxModel graph, int? batchRows) : IDisposable
{
    private static readonly string[] Shared = [AttributionGraph.Present];
    private readonly Session session = Session.Open(graph);
    private readonly ConcurrentBag<BatchRunner> idle = [];

    private readonly HashSet<string> inputs = [.. graph.Graph.Inputs.Select(i => i.Name)];

    /// <summary>One output for all rows, as doubles. Feeds that pruning left without a reader are dropped.</summary>
    public double[] Run(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData>? shared,
        string output
    ) => Run(rows, shared, [output])[output].ToDoubles();

    /// <summary>Several outputs for all rows.</summary>
    public IReadOnlyDictionary<string, TensorData> Run(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData>? shared,
        string[] outputs
    )
    {
        var runner = idle.TryTake(out var free)
            ? free
            : new BatchRunner(session, BatchPlan.For(session, rows: batchRows, shared: Shared));
        try
        {
            var fed = rows.Where(r => inputs.Contains(r.Key)).ToDictionary(r => r.Key, r => r.Value);
            return runner.Run(fed, outputs, inputs.Contains(AttributionGraph.Present) ? shared : null);
        }
        finally
        {
            idle.Add(runner);
        }
    }

    public void Dispose() => session.Dispose();
}
