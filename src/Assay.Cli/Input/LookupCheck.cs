using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Input;

/// <summary>
/// Refuses ids outside the tables they index. ONNX Runtime takes a negative one from the table's end in silence and does
/// not say which element of the input another came from, so the indices of all lookups are computed and compared first.
/// </summary>
internal static class LookupCheck
{
    /// <exception cref="AssayException">Input: names the input's element, its value and the table.</exception>
    public static void Require(OnnxModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        // Of a model behind an address nothing is known but its inputs.
        if (model.Graph.Nodes.Count == 0 || model.Graph.Inputs.All(i => ElementTypes.IsFloat(i.ElementType())))
            return;
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var lookups = Find(prepared, shapes).ToArray();
        if (lookups.Length == 0)
            return;
        var cut = Cut(prepared, lookups);
        using var session = Session.Open(cut);
        var read = session.Inputs.Select(i => i.Name).ToHashSet();
        var fed = rows.Where(r => read.Contains(r.Key)).ToDictionary();
        var count = (int)rows.Values.First().Dims[0];
        // A model exported for one row runs row by row.
        var step = session.Inputs.Any(i => i.Shape() is [1, ..]) ? 1 : count;
        for (var first = 0; first < count; first += step)
        {
            var indices = session.Run(Rows.Slice(fed, first, step));
            for (var i = 0; i < lookups.Length; i++)
                Require(rows, lookups[i], indices[cut.Graph.Outputs[i].Name], first);
        }
    }

    private static IEnumerable<Lookup> Find(OnnxModel prepared, ShapeTable shapes)
    {
        foreach (var point in AttributionPoints.Find(prepared, shapes, EntryPoint.Raw))
            if (
                point is { Kind: PointKind.Lookup, BatchAxis: 0 }
                && prepared.Graph.Producer(point.Value) is { OpType: "Gather" } gather
                && Size(prepared.Graph, shapes, gather.Input[0]) is { } size
            )
                yield return new Lookup(gather.Input[1], gather.Input[0], size, point.Positions);
    }

    private static long? Size(Graph graph, ShapeTable shapes, string table) =>
        graph.Initialiser(table) is { Dims.Count: > 0 } weights ? weights.Dims[0]
        : shapes.TryGet(table)?.Dims is [var first, ..] ? first.Size
        : null;

    // The front of the model, up to the indices.
    private static OnnxModel Cut(OnnxModel prepared, Lookup[] lookups)
    {
        var cut = prepared.Clone();
        cut.Proto.Graph.Output.Clear();
        var emit = new Emitter(cut.Graph, cut.Opset, DataType.Float, "lookup");
        foreach (var lookup in lookups)
            cut.Graph.AddOutput(
                ValueInfos.Tensor(emit.Node("Cast", [lookup.Index], ("to", (long)DataType.Int64)), DataType.Int64, null)
            );
        cut.Graph.SortTopologically();
        cut.Graph.PruneUnreachable();
        return cut;
    }

    private static void Require(
        IReadOnlyDictionary<string, TensorData> rows,
        Lookup lookup,
        TensorData indices,
        int first
    )
    {
        var values = (long[])indices.Values;
        var bad = Array.FindIndex(values, v => v < 0 || v >= lookup.Size);
        if (bad < 0)
            return;
        var element = lookup.Positions[bad % lookup.Positions.Count];
        var input = rows[element.Input];
        var at = (first + bad / lookup.Positions.Count) * (input.Count / (int)input.Dims[0]) + element.Element;
        throw AssayException.Input(
            $"{element.Input}{Place(input.Dims, at)} is {input.Values.GetValue(at)} and looks up row {values[bad]} of table '{lookup.Table}', whose rows are 0 to {lookup.Size - 1}; map unknown values to the model's own id for them."
        );
    }

    private static string Place(long[] dims, long at)
    {
        var place = "";
        for (var d = dims.Length - 1; d >= 0; at /= dims[d--])
            place = $"[{at % dims[d]}]{place}";
        return place;
    }

    private sealed record Lookup(string Index, string Table, long Size, IReadOnlyList<InputElement> Positions);
}
