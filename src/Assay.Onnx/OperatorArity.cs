using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>
/// The inputs and subgraphs that standard operators cannot do without, in whatever opset. Source: the operator reference
/// of the ONNX specification.
/// </summary>
internal static class OperatorArity
{
    private static readonly Dictionary<string, int> Required = Table(
        (0, "Constant RandomNormal RandomUniform Loop Optional SequenceEmpty SequenceConstruct"),
        (2, "Add Sub Mul Div Pow Mod And Or Xor Equal Less Greater LessOrEqual GreaterOrEqual BitShift BitwiseAnd"),
        (
            2,
            "BitwiseOr BitwiseXor MatMul Gemm PRelu Gather GatherElements GatherND Expand Tile Reshape CumSum Compress"
        ),
        (2, "Conv ConvTranspose LayerNormalization SequenceAt"),
        (3, "Where Range OneHot Scatter ScatterElements ScatterND InstanceNormalization GroupNormalization"),
        (3, "RNN GRU LSTM"),
        (5, "BatchNormalization")
    );

    private static readonly Dictionary<string, string[]> Bodies = new()
    {
        ["If"] = ["then_branch", "else_branch"],
        ["Loop"] = ["body"],
        ["Scan"] = ["body"],
    };

    /// <summary>What a node lacks, or null.</summary>
    public static string? Problem(NodeProto node)
    {
        if (node.Output.All(o => o.Length == 0))
            return $"{node.Describe()} has no output.";
        if (!OnnxModel.IsStandard(node.Domain))
            return null;
        var required = Required.GetValueOrDefault(node.OpType, 1);
        for (var i = 0; i < required; i++)
            if (node.InputAt(i).Length == 0)
                return $"{node.Describe()} lacks its input {i + 1}; {node.OpType} needs at least {required}.";
        foreach (var body in Bodies.GetValueOrDefault(node.OpType) ?? [])
            if (node.Attribute(body)?.G is null)
                return $"{node.Describe()} lacks its subgraph '{body}'.";
        return null;
    }

    private static Dictionary<string, int> Table(params (int Inputs, string Operators)[] rows) =>
        rows.SelectMany(r => r.Operators.Split(' ').Select(o => (o, r.Inputs))).ToDictionary();
}
