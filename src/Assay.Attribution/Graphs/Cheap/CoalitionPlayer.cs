using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>What <see cref="CoalitionGraph.Prepare"/> returned of some rows.</summary>
/// <param name="Parts">Its outputs.</param>
/// <param name="Rows">The rows in them, padding included.</param>
internal sealed record PreparedRows<T>(T[][] Parts, int Rows);

/// <summary>The two graphs of <see cref="CoalitionGraph"/>, opened. Several threads may use it.</summary>
internal sealed class CoalitionPlayer : IDisposable
{
    private static readonly string[] Target = [AttributionGraph.Target];
    private readonly Session prepare;
    private readonly Session play;
    private readonly HashSet<string> read;
    private readonly string[] outputs;
    private long evaluations;

    public CoalitionPlayer(CoalitionGraph graph)
    {
        Graph = graph;
        (prepare, play) = (Session.Open(graph.Prepare), Session.Open(graph.Play));
        read = [.. prepare.Inputs.Select(i => i.Name)];
        outputs = [.. graph.Parts.Select((_, i) => CoalitionGraph.PartPrefix + i)];
    }

    public CoalitionGraph Graph { get; }

    /// <summary>
    /// The parts of rows <paramref name="from"/> to <paramref name="to"/> as they are fed; <paramref name="present"/> says
    /// whether players are at their own values or at the baseline, where that is not a matter of the rows.
    /// </summary>
    public PreparedRows<T> Prepare<T>(IReadOnlyDictionary<string, TensorData> feeds, int from, int to, bool present)
    {
        var padded = (to - from + BatchPlan.Multiple - 1) / BatchPlan.Multiple * BatchPlan.Multiple;
        var own = feeds.Where(f => read.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value);
        var rows = new Dictionary<string, TensorData>(new RowBatch().Take(own, from, to, padded));
        if (read.Contains(AttributionGraph.Present))
            rows[AttributionGraph.Present] = TensorData
                .From(Enumerable.Repeat(present ? 1.0 : 0, Graph.Players).ToArray(), 1, Graph.Players)
                .Cast(Graph.Type);
        var results = prepare.Run(rows, outputs);
        return new([.. outputs.Select(o => (T[])results[o].Values)], padded);
    }

    /// <summary>Coalitions played so far.</summary>
    public long Evaluations => Interlocked.Read(ref evaluations);

    /// <summary>Targets, [games · coalitions], of tables and members, of which so many are not there to fill the batch.</summary>
    public TensorData Play(IReadOnlyDictionary<string, TensorData> feeds, int real)
    {
        Interlocked.Add(ref evaluations, real);
        return play.Run(feeds, Target)[Target[0]];
    }

    public void Dispose()
    {
        prepare.Dispose();
        play.Dispose();
    }
}
