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

    public static OnnxModel Build(
        OnnxModel behind,
        ShapeTable shapes,
        IReadOnlyList<PlayedValue> values,
        MovedModel moved,
        string target
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
        graph.AddInput(ValueInfos.Tensor(CoalitionGraph.Members, moved.Type, "games", "coalitions", moved.Players + 1));
        for (var k = 0; k < values.Count; k++)
        {
            var (value, table) = (values[k], CoalitionGraph.TablePrefix + k);
            var all = HasAll(value, moved.Players);
            var rows = all ? moved.Players : value.Players.Count(p => p < moved.Players);
            graph.AddInput(ValueInfos.Tensor(table, moved.Type, "games", rows + 1, value.Width));
            var members = all
                ? CoalitionGraph.Members
                : emit.Gather(
                    CoalitionGraph.Members,
                    emit.Int64s([.. value.Players.Where(p => p < moved.Players).Select(p => (long)p), moved.Players]),
                    2
                );
            var sum = emit.MatMul(members, table);
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
}
