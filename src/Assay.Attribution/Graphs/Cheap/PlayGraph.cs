using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>Builds <see cref="CoalitionGraph.Play"/>.</summary>
internal static class PlayGraph
{
    /// <summary>What the names of added nodes begin with.</summary>
    public const string Prefix = "assay/play";

    // Of a table that lacks few players a picked copy of the members would cost more than rows of zeros.
    private const double Most = 0.5;

    /// <summary>Whether a value's table has rows for all players.</summary>
    public static bool HasAll(PlayedValue value, int players) =>
        value.Players.Count(p => p < players) >= Most * players;

    /// <summary>The graph; <paramref name="direct"/> if it is to read the values themselves, [rows, width], in place of tables.</summary>
    public static OnnxModel Build(
        OnnxModel behind,
        ShapeTable shapes,
        IReadOnlyList<PlayedValue> values,
        MovedModel moved,
        string target,
        bool direct = false
    )
    {
        var model = behind.Clone();
        var graph = model.Graph;
        var inputs = graph.Inputs.Select(i => i.Name).ToHashSet();
        foreach (var value in values.Where(v => !inputs.Contains(v.Value)))
            graph.CutAt(ValueInfos.Tensor(value.Value, moved.Type, null));
        model = SinglePlayerCut.WithInputs(model, new HashSet<string>());
        graph = model.Graph;
        var emit = new Emitter(graph, model.Opset, moved.Type, Prefix);
        if (!direct)
            graph.AddInput(
                ValueInfos.Tensor(CoalitionGraph.Members, moved.Type, "games", "coalitions", moved.Players + 1)
            );
        for (var k = 0; k < values.Count; k++)
        {
            var (value, table) = (values[k], CoalitionGraph.TablePrefix + k);
            if (direct)
                graph.AddInput(ValueInfos.Tensor(table, moved.Type, "rows", value.Width));
            var sum = direct ? table : Sum(emit, value, table, moved);
            var type = shapes.TryGet(value.Value)!.Type;
            if (type == DataType.Bool)
                sum = emit.Node("Greater", [sum, emit.Scalar(0.5)]);
            else if (value.IsWhole)
                sum = emit.Cast(emit.Node("Round", [sum]), type);
            long[] rest = [.. shapes.TryGet(value.Value)!.Dims.Skip(1).Select(d => d.Size!.Value)];
            emit.Named(value.Value, "Reshape", [sum, emit.Int64s([-1, .. rest])]);
            graph.Producer(value.Value)!.Name = $"{Prefix}/{k}";
        }
        graph.Proto.Output.Clear();
        emit.Named(AttributionGraph.Target, "Identity", [target]);
        graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Target, moved.Type, null));
        graph.Proto.ValueInfo.Clear();
        graph.PruneUnreachable();
        graph.SortTopologically();
        return model;
    }

    // [games, coalitions, width]: the rows of the members present.
    private static string Sum(Emitter emit, PlayedValue value, string table, MovedModel moved)
    {
        var all = HasAll(value, moved.Players);
        var rows = all ? moved.Players : value.Players.Count(p => p < moved.Players);
        emit.Graph.AddInput(ValueInfos.Tensor(table, moved.Type, "games", rows + 1, value.Width));
        if (all)
            return emit.MatMul(CoalitionGraph.Members, table);
        var picked = value.Players.Where(p => p < moved.Players).Select(p => (long)p);
        return emit.MatMul(emit.Gather(CoalitionGraph.Members, emit.Int64s([.. picked, moved.Players]), 2), table);
    }
}
