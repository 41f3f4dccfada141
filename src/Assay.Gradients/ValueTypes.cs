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
            if (node.Subgraphs().FirstOrDefault() is { } body)
                InferFrom(node, body);
            else if (Inferred(node) is { } type)
                foreach (var output in node.Output)
                    types.TryAdd(output, type);
        }
    }

    /// <summary>The value's type where it is known.</summary>
    public DataType? Known(string value) => types.TryGetValue(value, out var type) ? type : null;

    /// <summary>The value's floating-point type; float32 where nothing tells.</summary>
    public DataType Float(string value) =>
        types.TryGetValue(value, out var type) && ElementTypes.IsFloat(type) ? type : DataType.Float;

    /// <summary>Whether the value is known to be no real number (an integer, a truth value, a string).</summary>
    public bool IsDiscrete(string value) => types.TryGetValue(value, out var type) && !ElementTypes.IsFloat(type);

    // Of what a body declares it returns; a Loop's condition stands in front of that.
    private void InferFrom(NodeProto node, GraphProto body)
    {
        var skipped = node.OpType == "Loop" ? 1 : 0;
        for (var i = 0; i < node.Output.Count && i + skipped < body.Output.Count; i++)
            if (body.Output[i + skipped].ElementType() is not DataType.Undefined and var declared)
                types.TryAdd(node.Output[i], declared);
            else if (Read(Subgraphs.Reads(node)) is { } read)
                types.TryAdd(node.Output[i], read);
    }

    private DataType? Read(IEnumerable<string> values) =>
        values
            .Where(types.ContainsKey)
            .Select(i => (DataType?)types[i])
            .FirstOrDefault(t => ElementTypes.IsFloat(t!.Value));

    private DataType? Inferred(NodeProto node) =>
        node.OpType switch
        {
            "Cast" => (DataType)node.Int("to", 1),
            "Constant" or "ConstantOfShape" => (DataType?)node.Attribute("value")?.T?.DataType ?? DataType.Float,
            "Shape" or "Size" or "NonZero" or "ArgMax" or "ArgMin" => DataType.Int64,
            _ => Read(node.Input),
        };
}
