using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Points;

/// <summary>
/// The part of a graph in which every element still stems from exactly one input element: ids on their way to a lookup,
/// numbers in their own preprocessing. Found by running that part on labels instead of data: each input element is fed
/// its own number, movement operators move the numbers, elementwise ones pass them on.
/// </summary>
internal sealed class LabelledRegion
{
    private readonly Dictionary<string, ValueLabels> labels = [];

    private LabelledRegion() { }

    /// <summary>The labels of a value; null outside the region.</summary>
    public ValueLabels? Find(string value) => labels.GetValueOrDefault(value);

    /// <summary>The values of the region, in graph order.</summary>
    public IEnumerable<string> Values => labels.Keys;

    /// <summary>Finds the region of a prepared (folded, sorted) model.</summary>
    public static LabelledRegion Find(OnnxModel model, ShapeTable shapes)
    {
        var plan = new LabelGraph(model, shapes);
        var outputs = plan.Run();
        var region = new LabelledRegion();
        foreach (var input in plan.Inputs)
            region.Accept(plan, input.Name, outputs);
        foreach (var node in plan.Nodes)
            if (region.Agrees(plan, node, outputs))
                foreach (var output in node.Output)
                    region.Accept(plan, output, outputs);
        return region;
    }

    private void Accept(LabelGraph plan, string value, IReadOnlyDictionary<string, TensorData> outputs)
    {
        if (outputs.TryGetValue(plan.LabelOf(value), out var tensor) && plan.Decode(tensor) is { } decoded)
            labels[value] = decoded;
    }

    // All labelled operands must be in the region, and an elementwise operator must combine an element only with itself.
    private bool Agrees(LabelGraph plan, NodeProto node, IReadOnlyDictionary<string, TensorData> outputs)
    {
        var operands = plan.LabelledInputs(node).ToArray();
        if (!operands.All(labels.ContainsKey))
            return false;
        if (!LabelOperators.IsElementwise(node.OpType))
            return true;
        var first = outputs[plan.LabelOf(operands[0])];
        return operands
            .Skip(1)
            .All(o =>
            {
                var other = outputs[plan.LabelOf(o)];
                return other.Dims.SequenceEqual(first.Dims) && other.Span<long>().SequenceEqual(first.Span<long>());
            });
    }
}

/// <summary>Which input element stands at each position of a value's row.</summary>
/// <param name="BatchAxis">The axis along which rows lie.</param>
/// <param name="Positions">The elements of one row, in the value's order with the batch axis in front.</param>
internal sealed record ValueLabels(int BatchAxis, InputElement[] Positions);
