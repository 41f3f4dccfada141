using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>
/// Yes-or-no values made of ids (is this position padding?). They may be looked up or decide which id is, but as numbers
/// they are masks, which stay those of the row and are no way in for a feature. Of a float the same questions are part of its preprocessing (imputation).
/// </summary>
internal sealed class MaskValues(Graph graph, ShapeTable shapes)
{
    private readonly HashSet<string> masks = [];
    private readonly HashSet<string> fromIntegers = [];

    /// <summary>Notes whether a node makes a mask; true where it turns one into numbers, so that labels end there.</summary>
    public bool EndsAt(NodeProto node, string[] carried)
    {
        var ofIntegers = carried.Any(v => IsInteger(v) || fromIntegers.Contains(v));
        if (ofIntegers)
            fromIntegers.UnionWith(node.Output);
        var asks = (Asks(node) && ofIntegers) || (SaysWhether(node) && carried.Any(IsInteger));
        if (!asks && !carried.Any(masks.Contains))
            return false;
        if (shapes.TryGet(node.Output[0]) is { } made && ElementTypes.IsFloat(made.Type))
            return true;
        if (asks || carried.All(masks.Contains))
            masks.UnionWith(node.Output);
        return false;
    }

    private static bool Asks(NodeProto node) =>
        LabelOperators.IsComparison(node.OpType)
        || (node.OpType == "Cast" && node.Int("to", 1) == (long)TensorProto.Types.DataType.Bool);

    // Arithmetic spellings of "is not padding": sign(id), min(id, 1).
    private bool SaysWhether(NodeProto node) =>
        node.OpType switch
        {
            "Sign" => true,
            "Clip" => node.InputAt(2) is { Length: > 0 } bound && AtMostOne(bound),
            "Min" => node.Input.Any(AtMostOne),
            _ => false,
        };

    private bool AtMostOne(string value) => graph.Constant(value) is { } bound && bound.ToDoubles().All(v => v <= 1);

    private bool IsInteger(string value) => shapes.TryGet(value) is { } s && ElementTypes.IsInteger(s.Type);
}
