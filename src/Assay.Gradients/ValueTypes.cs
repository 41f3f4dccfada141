using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients;

/// <summary>
/// The floating-point type of each value: measured or declared where it is, else that of the operands it is computed
/// from. Constants beside a value must be of its type.
/// </summary>
internal sealed class ValueTypes
{
    private readonly Dictionary<string, DataType> types = [];

    public ValueTypes(Graph graph, ShapeTable shapes)
    {
        foreach (var info in graph.Proto.Input.Concat(graph.Proto.Output).Concat(graph.Proto.ValueInfo))
            if (info.ElementType() != DataType.Undefined)
                types[info.Name] = info.ElementType();
        foreach (var tensor in graph.Proto.Initializer)
            types[tensor.Name] = (DataType)tensor.DataType;
        foreach (var value in shapes.Values)
            types[value] = shapes.TryGet(value)!.Type;
        foreach (var node in graph.Nodes)
        {
            if (node is { OpType: "TopK", Output.Count: > 1 })
                types.TryAdd(node.Output[1], DataType.Int64);
            if (Inferred(node) is { } type)
                foreach (var output in node.Output)
                    types.TryAdd(output, type);
        }
    }

    /// <summary>The value's floating-point type; float32 where nothing tells.</summary>
    public DataType Float(string value) =>
        types.TryGetValue(value, out var type) && ElementTypes.IsFloat(type) ? type : DataType.Float;

    /// <summary>Whether the value is known to be no real number (an integer, a truth value, a string).</summary>
    public bool IsDiscrete(string value) => types.TryGetValue(value, out var type) && !ElementTypes.IsFloat(type);

    private DataType? Inferred(NodeProto node) =>
        node.OpType switch
        {
            "Cast" => (DataType)node.Int("to", 1),
            "Constant" or "ConstantOfShape" => (DataType?)node.Attribute("value")?.T?.DataType ?? DataType.Float,
            "Shape" or "Size" or "NonZero" or "ArgMax" or "ArgMin" => DataType.Int64,
            _ => node
                .Input.Where(types.ContainsKey)
                .Select(i => (DataType?)types[i])
                .FirstOrDefault(t => ElementTypes.IsFloat(t!.Value)),
        };
}
