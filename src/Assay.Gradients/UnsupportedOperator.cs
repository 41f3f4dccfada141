using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients;

/// <summary>The error for what cannot be differentiated: names the node, its operator and what still works.</summary>
internal static class UnsupportedOperator
{
    public const string StillWorks = "feature-ablation, permutation";

    public static AssayException At(NodeProto node, string why) =>
        AssayException.Input(
            $"No gradient through {node.Describe()}: {why}. Methods that need no gradient still work: {StillWorks}."
        );
}
