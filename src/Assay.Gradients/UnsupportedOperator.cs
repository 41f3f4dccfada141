using Assay.Gradients.Rules;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients;

/// <summary>The error for what cannot be differentiated: names the node, its operator and what still works.</summary>
internal static class UnsupportedOperator
{
    public const string StillWorks = "feature-ablation, shapley, permutation";

    /// <summary>What to do without a gradient.</summary>
    public const string Instead = $"Methods that need no gradient still work: {StillWorks}.";

    public static AssayException At(NodeProto node, string why) =>
        AssayException.Input($"No gradient through {node.Describe()}: {why}{Unrolled(node)}. {Instead}");

    private static string Unrolled(NodeProto node) =>
        UnrolledRules.Reasons.TryGetValue(node.OpType, out var reason) ? $"; {reason}" : "";
}
