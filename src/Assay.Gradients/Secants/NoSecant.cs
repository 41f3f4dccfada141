using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients.Secants;

/// <summary>The error for what the secant rule cannot share out.</summary>
internal static class NoSecant
{
    public static AssayException At(NodeProto node, string why) =>
        AssayException.Input(
            $"No secant rule through {node.Describe()}: {why}. Use integrated-gradients by the rule gauss-legendre."
        );
}
