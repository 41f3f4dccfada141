using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution.Layers;

/// <summary>A weight product with what belongs to it: bias, normalisation, activation, one reader after the other.</summary>
/// <param name="Nodes">The nodes in order.</param>
/// <param name="Value">The last value.</param>
/// <param name="Before">The value before the activation.</param>
/// <param name="Activation">Its operator, or null.</param>
internal sealed record DenseChain(IReadOnlyList<NodeProto> Nodes, string Value, string Before, string? Activation)
{
    private static readonly HashSet<string> Activations =
    [
        "Relu",
        "PRelu",
        "LeakyRelu",
        "Elu",
        "Selu",
        "Celu",
        "Gelu",
        "Sigmoid",
        "Tanh",
        "Softplus",
        "Softsign",
        "HardSigmoid",
        "HardSwish",
        "Mish",
        "Swish",
        "ThresholdedRelu",
    ];

    public static DenseChain From(LayerGraph graph, NodeProto product)
    {
        var nodes = new List<NodeProto> { product };
        var value = product.Output[0];
        while (graph.OnlyReader(value) is { } reader && value == reader.Input.FirstOrDefault(graph.Moves))
        {
            var isActivation = Activations.Contains(reader.OpType);
            if (!isActivation && !IsScale(graph, reader))
                break;
            nodes.Add(reader);
            if (isActivation)
                return new(nodes, reader.Output[0], value, reader.OpType);
            value = reader.Output[0];
        }
        return new(nodes, value, value, null);
    }

    // A bias, a factor, a normalisation: one number for each unit.
    private static bool IsScale(LayerGraph graph, NodeProto node) =>
        node.OpType is "BatchNormalization" or "LayerNormalization" or "Dropout" or "Identity"
        || node.OpType is "Add" or "Sub" or "Mul" or "Div"
            && node.Input.Count(graph.Moves) == 1
            && node.Input.All(i => graph.Moves(i) || graph.IsTable(i));
}
