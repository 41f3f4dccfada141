using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>
/// The one place that knows how operators changed their form between opsets: what was an attribute and became an
/// input, and from which version. Source: the operator changelog of the ONNX specification.
/// </summary>
public static class OperatorForms
{
    /// <summary>First opset in which an operator takes its axes as an input instead of an attribute.</summary>
    public static int AxesAsInputSince(string operatorType) =>
        operatorType switch
        {
            "ReduceSum" or "Squeeze" or "Unsqueeze" => 13,
            "Slice" => 10,
            _ => 18, // the other reductions
        };

    /// <summary>First opset in which Split takes its sizes, Clip its bounds, Pad its pads, as inputs.</summary>
    public static int ParametersAsInputSince(string operatorType) =>
        operatorType switch
        {
            "Split" => 13,
            "Dropout" => 12,
            "Slice" or "TopK" => 10,
            _ => 11, // Clip, Pad
        };

    /// <summary>Softmax and its kin work along one axis since opset 13; before, they flatten to two dimensions.</summary>
    public const int SoftmaxAlongAxisSince = 13;

    private static readonly HashSet<string> Random =
    [
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Multinomial",
        "Bernoulli",
        "Dropout",
    ];

    /// <summary>Whether two runs of an operator on the same operands may differ, its subgraphs included.</summary>
    public static bool IsRandom(NodeProto node) =>
        Random.Contains(node.OpType) || node.Subgraphs().Any(g => g.Node.Any(IsRandom));

    /// <summary>
    /// The axes of a reduction, Squeeze or Unsqueeze, from attribute or constant input. Null where none are given;
    /// throws where they are given but not constant.
    /// </summary>
    public static long[]? Axes(Graph graph, NodeProto node) => Parameter(graph, node, "axes", 1);

    /// <summary>
    /// Integers given as an attribute or, in later opsets, as the input at <paramref name="index"/>; null where absent.
    /// </summary>
    public static long[]? Parameter(Graph graph, NodeProto node, string attribute, int index)
    {
        if (node.Ints(attribute) is { } ints)
            return ints;
        var value = node.InputAt(index);
        if (value.Length == 0)
            return null;
        return graph.Constant(value)?.ToInt64s()
            ?? throw AssayException.Input(
                $"{node.Describe()}: '{attribute}' is computed by the graph; only constant ones are supported here."
            );
    }
}
