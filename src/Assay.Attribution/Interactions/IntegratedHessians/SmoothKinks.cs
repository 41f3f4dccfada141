using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Interactions;

/// <summary>Replaces ReLUs by softplus, as Janizek et al. do: the second derivative of a ReLU is 0 wherever there is one.</summary>
internal static class SmoothKinks
{
    /// <summary>Rewrites Relu, LeakyRelu and PRelu in place.</summary>
    public static void Replace(OnnxModel model, Emitter emit, double sharpness)
    {
        foreach (var kink in model.Graph.Nodes.Where(n => n.OpType is "Relu" or "LeakyRelu" or "PRelu").ToArray())
        {
            var x = kink.Input[0];
            var smooth = Softplus(emit, x, sharpness);
            // Below 0 they go on with a slope: s·x + (1 − s)·softplus.
            if (Slope(kink, emit) is { } slope)
                smooth = emit.Add(emit.Mul(smooth, emit.Sub(emit.Scalar(1), slope)), emit.Mul(x, slope));
            model.Graph.ReplaceUses(kink.Output[0], smooth);
        }
    }

    private static string? Slope(NodeProto kink, Emitter emit) =>
        kink.OpType switch
        {
            "PRelu" => kink.Input[1],
            "LeakyRelu" => emit.Scalar(kink.Attribute.FirstOrDefault(a => a.Name == "alpha")?.F ?? 0.01),
            _ => null,
        };

    private static string Softplus(Emitter emit, string x, double sharpness)
    {
        var scaled = emit.Mul(x, emit.Scalar(sharpness));
        // ONNX Runtime has no Softplus of doubles: max(u, 0) + ln(1 + e^−|u|).
        var plus =
            emit.FloatType == DataType.Float
                ? emit.Node("Softplus", [scaled])
                : emit.Add(
                    emit.Node("Relu", [scaled]),
                    emit.Node(
                        "Log",
                        [emit.Add(emit.Node("Exp", [emit.Neg(emit.Node("Abs", [scaled]))]), emit.Scalar(1))]
                    )
                );
        return emit.Mul(plus, emit.Scalar(1 / sharpness));
    }
}
