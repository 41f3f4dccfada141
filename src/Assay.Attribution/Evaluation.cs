using System.Collections.Concurrent;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution;

/// <summary>A graph opened in ONNX Runtime, run by any number of threads, each with buffers of its own.</summary>
/// <param name="graph">The graph.</param>
/// <param name="batchRows">Rows of a batch.</param>
/// <param name="points">Points at which the graph evaluates the model for each row.</param>
internal sealed class Evaluation(OnnxModel graph, int? batchRows, int points = 1) : IDisposable
{
    private long evaluations;

    private static readonly string[] Shared = [AttributionGraph.Present];
    private readonly Session session = Session.Open(graph);
    private readonly ConcurrentBag<BatchRunner> idle = [];

    private readonly HashSet<string> inputs = [.. graph.Graph.Inputs.Select(i => i.Name)];

    /// <summary>Points at which the model was evaluated so far.</summary>
    public long Evaluations => Interlocked.Read(ref evaluations);

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
            Interlocked.Add(ref evaluations, rows.Count == 0 ? 0 : rows.First().Value.Dims[0] * points);
            return runner.Run(fed, outputs, inputs.Contains(AttributionGraph.Present) ? shared : null);
        }
        finally
        {
            idle.Add(runner);
        }
    }

    public void Dispose() => session.Dispose();
}
