using Assay.Onnx;
using Assay.Onnx.Wire;
using Google.Protobuf;

namespace Assay.Attribution.Compilation;

/// <summary>
/// Joins what a graph computes twice: nodes of one operator with the same attributes and operands, and equal constants.
/// Parts made from one model share their lookups, their preprocessing and whatever else they have in common this way.
/// </summary>
internal static class EqualNodes
{
    /// <summary>
    /// A model that computes each value once. Names of inputs and outputs stay; a node that yields an output stays too.
    /// The graph must be sorted; operators that draw random numbers are left alone.
    /// </summary>
    public static OnnxModel Join(OnnxModel model)
    {
        var proto = model.Proto.Clone();
        var outputs = proto.Graph.Output.Select(o => o.Name).ToHashSet();
        var names = new Dictionary<string, string>();
        JoinConstants(proto.Graph, outputs, names);
        var known = new Dictionary<string, NodeProto>();
        var nodes = proto.Graph.Node.ToArray();
        proto.Graph.Node.Clear();
        foreach (var node in nodes)
        {
            GraphParts.Rename(node, names);
            var returned = node.Output.Any(outputs.Contains);
            if (!returned && IsAlias(node))
                names[node.Output[0]] = node.Input[0];
            else if (OperatorForms.IsRandom(node))
                proto.Graph.Node.Add(node);
            else if (known.TryAdd(Key(node), node) || returned)
                proto.Graph.Node.Add(node);
            else
                for (var i = 0; i < node.Output.Count; i++)
                    if (node.Output[i].Length > 0)
                        names[node.Output[i]] = known[Key(node)].Output[i];
        }
        var joined = new OnnxModel(proto, model.Folder);
        joined.Graph.PruneUnreachable();
        return joined;
    }

    /// <summary>Whether two initialisers hold the same tensor, whatever their names.</summary>
    public static bool HoldTheSame(TensorProto a, TensorProto b) =>
        a.DataType == b.DataType
        && a.DataLocation == b.DataLocation
        && a.Dims.Equals(b.Dims)
        && a.RawData.Equals(b.RawData)
        && a.FloatData.Equals(b.FloatData)
        && a.Int32Data.Equals(b.Int32Data)
        && a.Int64Data.Equals(b.Int64Data)
        && a.StringData.Equals(b.StringData)
        && a.DoubleData.Equals(b.DoubleData)
        && a.Uint64Data.Equals(b.Uint64Data)
        && a.ExternalData.Equals(b.ExternalData);

    private static void JoinConstants(GraphProto graph, HashSet<string> outputs, Dictionary<string, string> names)
    {
        var alike = new Dictionary<string, List<TensorProto>>();
        foreach (var tensor in graph.Initializer.Where(t => !outputs.Contains(t.Name)))
        {
            var form = $"{tensor.DataType}[{string.Join(",", tensor.Dims)}]";
            if (!alike.TryGetValue(form, out var list))
                alike[form] = list = [];
            if (list.Find(t => HoldTheSame(t, tensor)) is { } same)
                names[tensor.Name] = same.Name;
            else
                list.Add(tensor);
        }
    }

    private static bool IsAlias(NodeProto node) =>
        node.OpType == "Identity" && OnnxModel.IsStandard(node.Domain) && node.Output is [{ Length: > 0 }];

    private static string Key(NodeProto node)
    {
        var attributes = node
            .Attribute.OrderBy(a => a.Name, StringComparer.Ordinal)
            .Select(a => Convert.ToHexString(a.ToByteArray()));
        var present = string.Concat(node.Output.Select(o => o.Length > 0 ? '1' : '0'));
        return string.Join('\n', [node.Domain, node.OpType, present, .. attributes, "", .. node.Input]);
    }
}
