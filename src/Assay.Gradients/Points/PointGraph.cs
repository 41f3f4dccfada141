using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>What the searches for points ask of a graph.</summary>
internal class PointGraph(Graph graph, ShapeTable shapes, LabelledRegion region)
{
    private readonly IReadOnlySet<string> computed = graph.Downstream([.. graph.Inputs.Select(i => i.Name)]);

    protected Graph Graph => graph;
    protected ShapeTable Shapes => shapes;
    protected LabelledRegion Region => region;

    /// <summary>Whether a value is float and the same for every row.</summary>
    protected bool IsTable(string value) => !computed.Contains(value) && IsFloat(value);

    /// <summary>Whether a value depends on the rows.</summary>
    protected bool IsComputed(string value) => computed.Contains(value);

    protected bool IsFloat(string value) =>
        shapes.TryGet(value) is { } shape
            ? ElementTypes.IsFloat(shape.Type)
            : graph.Initialiser(value) is { } tensor
                && ElementTypes.IsFloat((TensorProto.Types.DataType)tensor.DataType);

    /// <summary>Whether a node looks ids up: Gather from a table, or OneHot along the last axis.</summary>
    protected bool IsLookup(NodeProto node) =>
        node.OpType switch
        {
            "Gather" => node.Int("axis", 0) == 0 && IsTable(node.Input[0]) && region.Find(node.Input[1]) is not null,
            "OneHot" => node.Int("axis", -1) == -1 && region.Find(node.Input[0]) is not null,
            _ => false,
        };

    /// <summary>Whether a node turns its input into integers.</summary>
    protected static bool IsCastToInteger(NodeProto node) =>
        node.OpType == "Cast" && !ElementTypes.IsFloat((TensorProto.Types.DataType)node.Int("to", 1));
}
