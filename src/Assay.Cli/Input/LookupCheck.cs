using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Input;

/// <summary>
/// Refuses ids outside the tables they index. ONNX Runtime takes a negative one from the table's end in silence and does
/// not say which row of the input another came from, so the indices of all lookups are computed and compared first.
/// </summary>
internal static class LookupCheck
{
    /// <exception cref="AssayException">Input: names the input's element or the row, the id and the table.</exception>
    public static void Require(OnnxModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var lookups = Find(model.Graph).ToArray();
        // Models of a fixed batch run row by row; there ONNX Runtime's own check remains.
        if (lookups.Length == 0 || model.Graph.Inputs.Any(i => i.Shape() is [{ } size, ..] && size != RowCount(rows)))
            return;
        var cut = Cut(model, lookups);
        using var session = Session.Open(cut);
        var read = session.Inputs.Select(i => i.Name).ToHashSet();
        var indices = session.Run(rows.Where(r => read.Contains(r.Key)).ToDictionary());
        for (var i = 0; i < lookups.Length; i++)
            Require(rows, lookups[i], indices[cut.Graph.Outputs[i].Name]);
    }

    private static IEnumerable<Lookup> Find(Graph graph)
    {
        var fed = graph.Downstream([.. graph.Inputs.Select(i => i.Name)]);
        foreach (var node in graph.Nodes)
            if (
                node.OpType == "Gather"
                && OnnxModel.IsStandard(node.Domain)
                && node.Int("axis", 0) == 0
                && graph.Initialiser(node.Input[0]) is { Dims.Count: > 0 } table
                && ElementTypes.IsFloat((DataType)table.DataType)
                && fed.Contains(node.Input[1])
            )
                yield return new Lookup(node.Input[1], table.Name, table.Dims[0]);
    }

    // The front of the model up to the indices.
    private static OnnxModel Cut(OnnxModel model, Lookup[] lookups)
    {
        var cut = model.Clone();
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

    private static void Require(IReadOnlyDictionary<string, TensorData> rows, Lookup lookup, TensorData indices)
    {
        var values = (long[])indices.Values;
        var bad = Array.FindIndex(values, v => v < 0 || v >= lookup.Size);
        if (bad < 0)
            return;
        var input = rows.FirstOrDefault(r =>
            ElementTypes.IsInteger(r.Value.Type) && r.Value.ToInt64s().AsSpan().SequenceEqual(values)
        );
        var where =
            input.Key is not null ? input.Key + Place(input.Value.Dims, bad)
            : indices.Dims is [var first, ..] && first == RowCount(rows) ? $"row {bad / (values.Length / first)}"
            : "an input";
        throw AssayException.Input(
            $"{where} looks up id {values[bad]} in table '{lookup.Table}', whose ids are 0 to {lookup.Size - 1}; map unknown values to the model's own id for them."
        );
    }

    private static string Place(long[] dims, long at)
    {
        var place = "";
        for (var d = dims.Length - 1; d >= 0; at /= dims[d--])
            place = $"[{at % dims[d]}]{place}";
        return place;
    }

    private static long RowCount(IReadOnlyDictionary<string, TensorData> rows) => rows.Values.First().Dims[0];

    private sealed record Lookup(string Index, string Table, long Size);
}
