using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Interactions;

/// <summary>Replaces ReLUs by softplus, as Janizek et al. do: the second derivative of a ReLU is 0 wherever there is one.</summary>
internal static class SmoothKinks
{
    /// <summary>Rewrites Relu and LeakyRelu in place; says whether there were any.</summary>
    public static bool Replace(OnnxModel model, Emitter emit, double sharpness)
    {
        var kinks = model.Graph.Nodes.Where(n => n.OpType is "Relu" or "LeakyRelu").ToArray();
        foreach (var kink in kinks)
        {
            var smooth = Softplus(emit, kink.Input[0], sharpness);
            if (kink.OpType == "LeakyRelu")
            {
                var slope = kink.Attribute.FirstOrDefault(a => a.Name == "alpha")?.F ?? 0.01;
                smooth = emit.Add(
                    emit.Mul(smooth, emit.Scalar(1 - slope)),
                    emit.Mul(kink.Input[0], emit.Scalar(slope))
                );
            }
            model.Graph.ReplaceUses(kink.Output[0], smooth);
        }
        return kinks.Length > 0;
    }

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
