using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>A value each element of which depends on one player at most.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Rest">Its dimensions behind the rows.</param>
/// <param name="Owners">The player of each element of a row; the number of players where it is always the row's own.</param>
internal sealed record Entry(string Value, DataType Type, long[] Rest, int[] Owners)
{
    public int Width => Owners.Length;

    public bool IsFloat => ElementTypes.IsFloat(Type);
}

/// <summary>
/// Cuts a model where players first meet. In front of the cut a value of any coalition is put together from the row's
/// and the baseline's; what lies behind reads the values at the cut, the entries, as inputs.
/// </summary>
internal sealed class SinglePlayerCut
{
    private readonly Graph graph;
    private readonly ShapeTable shapes;
    private readonly IReadOnlyDictionary<string, int[]> owners;
    private readonly string batch;
    private readonly int players;
    private readonly HashSet<string> fed;
    private readonly HashSet<string> seen = [];
    private readonly List<Entry> entries = [];
    private readonly List<NodeProto> sizes = [];

    private SinglePlayerCut(
        Graph graph,
        ShapeTable shapes,
        IReadOnlyDictionary<string, int[]> owners,
        string batch,
        int players
    )
    {
        (this.graph, this.shapes, this.owners, this.batch, this.players) = (graph, shapes, owners, batch, players);
        fed = Fed(graph);
    }

    /// <summary>
    /// The entries and the model behind them, which takes any number of rows; null where a value that several players
    /// share has its rows elsewhere than in front.
    /// </summary>
    public static (IReadOnlyList<Entry> Entries, OnnxModel Behind)? Find(
        OnnxModel model,
        ShapeTable shapes,
        IReadOnlyDictionary<string, int[]> owners,
        string batch,
        int players,
        string target
    )
    {
        var cut = new SinglePlayerCut(model.Graph, shapes, owners, batch, players);
        return cut.Walk(target) && cut.entries.Count > 0 ? (cut.entries, cut.Behind(model, target)) : null;
    }

    // Values that depend on what is in the rows, not only on how many there are.
    private static HashSet<string> Fed(Graph graph)
    {
        var fed = graph.Inputs.Select(i => i.Name).Where(i => i != AttributionGraph.Present).ToHashSet();
        foreach (var node in graph.Nodes)
            if (node.OpType is not ("Shape" or "Size") && Subgraphs.Reads(node).Any(fed.Contains))
                fed.UnionWith(node.Output);
        return fed;
    }

    private bool Walk(string target)
    {
        var open = new Stack<string>([target]);
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value) || graph.Initialiser(value) is not null)
                continue;
            if (fed.Contains(value) && AsEntry(value) is { } entry)
            {
                entries.Add(entry);
                continue;
            }
            if (graph.Producer(value) is not { } node)
                return false;
            if (node.OpType == "Shape")
            {
                if (shapes.TryGet(node.Input[0])?.Dims.All(d => d.Size is not null || d.Symbol == batch) != true)
                    return false;
                sizes.Add(node);
                continue;
            }
            if (node.OpType == "Size" || OperatorForms.IsRandom(node))
                return false;
            foreach (var read in Subgraphs.Reads(node))
                open.Push(read);
        }
        entries.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
        return true;
    }

    private Entry? AsEntry(string value)
    {
        if (
            shapes.TryGet(value) is not { Dims: [{ Symbol: { } symbol }, .. var rest] } shape
            || symbol != batch
            || rest.Any(d => d.Size is null)
            || shape.Type
                is not (DataType.Float or DataType.Double or DataType.Bool or DataType.Int32 or DataType.Int64)
        )
            return null;
        long[] dims = [.. rest.Select(d => d.Size!.Value)];
        var count = (int)dims.Aggregate(1L, (p, d) => p * d);
        var own = owners.GetValueOrDefault(value) ?? [.. Enumerable.Repeat(PlayerLabels.Nobody, count)];
        return own.Length != count || own.Contains(PlayerLabels.Several)
            ? null
            : new(value, shape.Type, dims, Array.ConvertAll(own, o => o == PlayerLabels.Nobody ? players : o));
    }

    private OnnxModel Behind(OnnxModel model, string target)
    {
        var behind = model.Clone();
        var part = behind.Graph;
        part.Proto.Output.Clear();
        part.AddOutput(ValueInfos.Tensor(target, shapes.TryGet(target)!.Type, null));
        part.Proto.ValueInfo.Clear();
        var emit = new Emitter(part, behind.Opset, DataType.Float, "size");
        foreach (var node in sizes)
        {
            part.Remove(part.Producer(node.Output[0])!);
            var dims = shapes.TryGet(node.Input[0])!.Dims;
            var from = Bound(node.Int("start", 0), dims.Length);
            var to = Bound(node.Int("end", dims.Length), dims.Length);
            string[] parts =
            [
                .. dims[from..Math.Max(from, to)].Select(d => d.Size is { } size ? emit.Int64s(size) : Rows(emit)),
            ];
            emit.Named(node.Output[0], "Concat", parts, ("axis", 0L));
        }
        foreach (var entry in entries.Where(e => part.Producer(e.Value) is not null))
            part.CutAt(ValueInfos.Tensor(entry.Value, entry.Type, ["batch", .. entry.Rest]));
        part.PruneUnreachable();
        part.SortTopologically();
        return WithInputs(behind, entries.Select(e => e.Value).ToHashSet());
    }

    private string Rows(Emitter emit) => emit.Gather(emit.Shape(entries[0].Value), emit.Int64s(0));

    private static int Bound(long at, int rank) => (int)Math.Clamp(at < 0 ? at + rank : at, 0, rank);

    /// <summary>The same model without the inputs that are not named.</summary>
    public static OnnxModel WithInputs(OnnxModel model, IReadOnlySet<string> names)
    {
        var proto = model.Proto.Clone();
        var kept = proto.Graph.Input.Where(i => names.Contains(i.Name)).ToArray();
        proto.Graph.Input.Clear();
        proto.Graph.Input.AddRange(kept);
        return new OnnxModel(proto, model.Folder);
    }
}
