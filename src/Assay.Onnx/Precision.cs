using Assay.Onnx.Wire;
using Google.Protobuf.Collections;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>The same graph in another floating-point precision.</summary>
public static class Precision
{
    // Operators whose result is float32 where nothing says otherwise, and the attribute that says so.
    private static readonly HashSet<string> TypedByAttribute =
    [
        "Cast",
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "EyeLike",
        "Bernoulli",
        "SequenceEmpty",
        "HannWindow",
        "HammingWindow",
        "BlackmanWindow",
        "Multinomial",
    ];

    /// <summary>
    /// A copy in which all that is float32 (inputs, outputs, initialisers, constants, casts, also inside subgraphs and
    /// functions) is float64. External float32 data are read in. ONNX Runtime has no float64 kernels for some operators
    /// and then refuses the result when it is opened.
    /// </summary>
    public static OnnxModel ToDouble(OnnxModel model)
    {
        var proto = model.Proto.Clone();
        Convert(proto.Graph, model.Folder);
        foreach (var function in proto.Functions)
        {
            foreach (var node in function.Node)
                Convert(node, [], model.Folder);
            Convert(function.ValueInfo);
        }
        return new OnnxModel(proto, model.Folder);
    }

    private static void Convert(GraphProto graph, string? folder)
    {
        var scales = graph.Node.Select(ScalesOf).ToHashSet();
        for (var i = 0; i < graph.Initializer.Count; i++)
            if (!scales.Contains(graph.Initializer[i].Name))
                graph.Initializer[i] = Widen(graph.Initializer[i], folder);
        foreach (var sparse in graph.SparseInitializer)
            sparse.Values = Widen(sparse.Values, folder);
        Convert(graph.Input);
        Convert(graph.Output);
        Convert(graph.ValueInfo);
        foreach (var node in graph.Node)
            Convert(node, scales, folder);
    }

    /// <summary>The scales of Resize and Upsample, which are float32 whatever they scale.</summary>
    private static string ScalesOf(NodeProto node) =>
        node.OpType switch
        {
            "Resize" => node.InputAt(node.Input.Count > 2 ? 2 : 1),
            "Upsample" => node.InputAt(1),
            _ => "",
        };

    private static void Convert(NodeProto node, HashSet<string> scales, string? folder)
    {
        foreach (var graph in node.Subgraphs())
            Convert(graph, folder);
        if (!OnnxModel.IsStandard(node.Domain))
            return;
        if (TypedByAttribute.Contains(node.OpType))
            foreach (var a in node.Attribute.Where(a => a.Name is "to" or "dtype" && a.I == (long)DataType.Float))
                a.I = (long)DataType.Double;
        switch (node.OpType)
        {
            case "Constant" when !scales.Contains(node.Output.FirstOrDefault("")):
                ConvertConstant(node, folder);
                break;
            case "ConstantOfShape" when node.Attribute("value") is { T: { } value }:
                node.Set("value", TensorReader.Read(Widen(value, folder), folder));
                break;
            case "ConstantOfShape":
                node.Set("value", TensorData.From(new double[1], 1));
                break;
            case "RandomNormal" or "RandomUniform" when node.Attribute("dtype") is null:
                node.Set("dtype", (long)DataType.Double);
                break;
        }
    }

    private static void ConvertConstant(NodeProto node, string? folder)
    {
        if (
            node.Attribute.Any(a => a.Name is "value_float" or "value_floats") || node.Attribute("value")?.T is not null
        )
        {
            var value = ConstantNode.Read(node, folder);
            if (value.Type != DataType.Float)
                return;
            node.Attribute.Clear();
            node.Set("value", value.Cast(DataType.Double));
        }
    }

    private static TensorProto Widen(TensorProto tensor, string? folder) =>
        tensor.DataType == (int)DataType.Float
            ? TensorReader.Read(tensor, folder).Cast(DataType.Double).ToProto(tensor.Name)
            : tensor;

    private static void Convert(RepeatedField<ValueInfoProto> infos)
    {
        foreach (var info in infos)
            Convert(info.Type);
    }

    private static void Convert(TypeProto? type)
    {
        if (type?.TensorType is { ElemType: (int)DataType.Float } tensor)
            tensor.ElemType = (int)DataType.Double;
        if (type?.SequenceType is { } sequence)
            Convert(sequence.ElemType);
        if (type?.MapType is { } map)
            Convert(map.ValueType);
    }
}
