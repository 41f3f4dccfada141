using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>
/// Protects the process from kernels that do not look: ONNX Runtime reads a Loop's trip count and condition and an If's
/// condition without asking whether there is one, and takes an optional input that is named "" for given. A Reshape to a
/// scalar in front refuses the first; the second are dropped where they stand last, which means the same.
/// </summary>
internal static class KernelGuards
{
    private const string Scalar = "assay/scalar/",
        Unread = "assay/unread/";

    /// <summary>The model itself where nothing needs protection, else a copy.</summary>
    public static OnnxModel Guard(OnnxModel model)
    {
        if (!model.Graph.Nodes.Any(n => n.OpType is "If" or "Loop" or "Scan" || EndsEmpty(n) || SkipsParts(n)))
            return model;
        var proto = model.Proto.Clone();
        var guarded = 0;
        Guard(proto.Graph, ref guarded);
        return new OnnxModel(proto, model.Folder);
    }

    private static bool EndsEmpty(NodeProto node) => node.Input.Count > 0 && node.Input[^1].Length == 0;

    // ONNX Runtime writes every part of a Split, also where none is asked for.
    private static bool SkipsParts(NodeProto node) => node.OpType == "Split" && node.Output.Any(o => o.Length == 0);

    private static void Guard(GraphProto graph, ref int guarded)
    {
        var single = graph.Initializer.Where(t => t.Dims.All(d => d == 1)).Select(t => t.Name).ToHashSet();
        var nodes = graph.Node.ToArray();
        graph.Node.Clear();
        foreach (var node in nodes)
        {
            foreach (var inner in node.Subgraphs())
                Guard(inner, ref guarded);
            for (var k = 0; k < Math.Min(Scalars(node), node.Input.Count); k++)
                if (node.Input[k].Length > 0 && !single.Contains(node.Input[k]))
                    node.Input[k] = AddScalar(graph, node.Input[k], guarded++);
            // A Loop's inputs are counted: its optional ones stay, even empty.
            while (node.OpType != "Loop" && EndsEmpty(node))
                node.Input.RemoveAt(node.Input.Count - 1);
            for (var k = 0; k < node.Output.Count; k++)
                if (SkipsParts(node) && node.Output[k].Length == 0)
                    node.Output[k] = $"{Unread}{guarded++}";
            graph.Node.Add(node);
        }
    }

    private static int Scalars(NodeProto node) =>
        node.OpType switch
        {
            "If" => 1,
            "Loop" => 2,
            _ => 0,
        };

    private static string AddScalar(GraphProto graph, string operand, int number)
    {
        var (scalar, dims) = ($"{Scalar}{number}", $"{Scalar}{number}/dims");
        var constant = new NodeProto { OpType = "Constant", Name = dims };
        constant.Output.Add(dims);
        constant.Set("value", TensorData.Int64s());
        var reshape = new NodeProto { OpType = "Reshape", Name = scalar };
        reshape.Input.AddRange([operand, dims]);
        reshape.Output.Add(scalar);
        graph.Node.AddRange([constant, reshape]);
        return scalar;
    }
}
