using System.Numerics;
using Assay.Attribution.Games;
using Assay.Attribution.Graphs;
using Assay.Attribution.Graphs.Cheap;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>
/// Targets of rows in which some features have the values of other rows, for many sets of features at once. Both rows are
/// looked up once; what a feature contributes where features first meet is exchanged, and only what lies behind runs for
/// each set. Several threads may use it.
/// </summary>
public sealed class ExchangeScorer : IDisposable
{
    // Rows whose contributions are computed together.
    private const int Together = 64;

    private static readonly string[] Target = [AttributionGraph.Target];
    private readonly CoalitionPlayer player;
    private readonly Session direct;
    private readonly OnnxModel prepared;
    private readonly IReadOnlySet<string> imputed;

    private ExchangeScorer(CoalitionGraph graph, OnnxModel prepared)
    {
        this.prepared = prepared;
        imputed = Imputation.Inputs(prepared.Graph);
        player = new(graph);
        direct = Session.Open(graph.Direct());
    }

    /// <summary>Opens a model; see <see cref="ExplainSettings"/> for the arguments. Null where this would not pay.</summary>
    /// <exception cref="AssayException">Usage: unknown head. Input: the model does not run.</exception>
    public static ExchangeScorer? TryOpen(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        string? head,
        Space space
    )
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var resolved = Head.Resolve(prepared, shapes, head, space);
        var type = shapes.TryGet(resolved.Output)?.Type ?? DataType.Float;
        var graph = CoalitionGraph.TryBuild(MovedModel.OfInputs(prepared, features, resolved.Value, type));
        return graph is null ? null : new ExchangeScorer(graph, prepared);
    }

    /// <summary>
    /// For each set the target of every row in which the set's features are the donor's; null where values are not finite
    /// or too large to be added up, and rows must be scored as they are.
    /// </summary>
    /// <param name="rows">Graph inputs by name, the first dimension of each counting rows.</param>
    /// <param name="donors">As many rows.</param>
    /// <param name="sets">Numbers of features.</param>
    public double[][]? Score(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors,
        IReadOnlyList<IReadOnlyList<int>> sets
    )
    {
        var own = RowsOfInputs.Checked(rows, prepared.Graph.Inputs, false, imputed);
        var other = RowsOfInputs.Checked(donors, prepared.Graph.Inputs, false, imputed);
        return player.Graph.Type == DataType.Double ? Score<double>(own, other, sets) : Score<float>(own, other, sets);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        player.Dispose();
        direct.Dispose();
    }

    private double[][]? Score<T>(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors,
        IReadOnlyList<IReadOnlyList<int>> sets
    )
        where T : struct, IFloatingPointIeee754<T>
    {
        var count = RowsOfInputs.Count(rows, "rows");
        var graph = player.Graph;
        var tables = new GameTables<T>(graph);
        var results = sets.Select(_ => new double[count]).ToArray();
        var most = Math.Clamp(
            CheapGames.BatchElements / Math.Max(1, graph.Widest),
            CheapGames.FewestRows,
            CheapGames.MostRows
        );
        var each = Math.Clamp(most / sets.Count, 1, Together);
        var buffers = new Dictionary<int, TensorData[]>();
        for (var part = 0; part < count; part += Together)
        {
            var to = Math.Min(count, part + Together);
            var (own, other) = (player.Prepare<T>(rows, part, to, true), player.Prepare<T>(donors, part, to, true));
            for (var from = part; from < to; from += each)
            {
                var some = Math.Min(each, to - from);
                var padded = (some * sets.Count + BatchPlan.Multiple - 1) / BatchPlan.Multiple * BatchPlan.Multiple;
                if (!buffers.TryGetValue(padded, out var values))
                    buffers[padded] = values = [
                        .. graph.Values.Select(v => TensorData.From(new T[padded * v.Width], padded, v.Width)),
                    ];
                for (var k = 0; k < values.Length; k++)
                for (var r = 0; r < some; r++)
                {
                    var size = sets.Count * graph.Values[k].Width;
                    var into = values[k].Span<T>().Slice(r * size, size);
                    if (!tables.Exchange(k, own, other, from - part + r, sets, into))
                        return null;
                }
                var feeds = values
                    .Select((v, k) => (v, k))
                    .ToDictionary(x => CoalitionGraph.TablePrefix + x.k, x => x.v);
                var targets = direct.Run(feeds, Target)[Target[0]].Span<T>();
                for (var r = 0; r < some; r++)
                for (var s = 0; s < sets.Count; s++)
                    results[s][from + r] = double.CreateChecked(targets[r * sets.Count + s]);
            }
        }
        return results;
    }
}
