using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>A float64 model of the single node of a case, and values to feed it.</summary>
internal static class CaseModel
{
    public const ulong Seed = 20260707;

    /// <summary>The problem that a case states; symbolic dimensions are named by their size.</summary>
    public static Problem Of(Case row, bool symbolic = false)
    {
        var graph = new GraphProto { Name = row.Operator };
        var node = new NodeProto { OpType = row.Operator, Name = "under test" };
        foreach (var (name, value) in row.Attributes)
            node.Set(name, value);
        var feeds = new Dictionary<string, TensorData>();
        for (var i = 0; i < row.Inputs.Length; i++)
            if (Operand(row, i, symbolic, graph, feeds) is var name && !row.Inputs[i].IsCaptured)
                node.Input.Add(name);
        for (var i = 0; i < row.Outputs; i++)
            node.Output.Add($"y{i}");
        graph.Node.Add(node);
        var outputs = row.Used.Select(i => Real(row, graph, $"y{i}")).ToArray();
        graph.Output.AddRange(outputs.Select(o => ValueInfos.Tensor(o, DataType.Double, null)));
        // A case without variables is differentiated with respect to one that stands aside.
        if (row.Inputs.All(i => !i.IsVariable))
        {
            feeds["aside"] = TensorData.From([1.0, 2], 2);
            graph.Input.Add(ValueInfos.Tensor("aside", DataType.Double, 2L));
        }
        var wrt = feeds.Keys.Where(f => f == "aside" || row.Inputs[f[1] - '0'].IsVariable);
        return new Problem(Model(graph, row.Opset), outputs, [.. wrt], feeds).Summed();
    }

    public static OnnxModel Model(GraphProto graph, int opset)
    {
        var proto = new ModelProto { IrVersion = 8, Graph = graph };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return new OnnxModel(proto);
    }

    private static string Operand(
        Case row,
        int i,
        bool symbolic,
        GraphProto graph,
        Dictionary<string, TensorData> feeds
    )
    {
        var operand = row.Inputs[i];
        if (operand.IsOmitted)
            return "";
        var name = $"x{i}";
        var value = operand.Value ?? operand.Draw(new CounterRandom(Seed, row.Label, (ulong)i));
        if (operand.IsVariable || operand.IsFed)
        {
            var dims = value.Dims.Select(d => symbolic && d > 1 ? (object)$"d{d}" : d).ToArray();
            graph.Input.Add(ValueInfos.Tensor(name, value.Type, dims));
            feeds[name] = value;
        }
        else
            graph.Initializer.Add(value.ToProto(name));
        return operand.Becomes is { } type ? Cast(graph, name, type) : name;
    }

    private static string Real(Case row, GraphProto graph, string output)
    {
        return row.Discrete ? Cast(graph, output, DataType.Double) : output;
    }

    private static string Cast(GraphProto graph, string value, DataType type)
    {
        var cast = new NodeProto
        {
            OpType = "Cast",
            Input = { value },
            Output = { $"{value}/{type}" },
        };
        cast.Set("to", (long)type);
        graph.Node.Add(cast);
        return cast.Output[0];
    }
}
