using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class ActivationCases
{
    public static readonly Case[] Rows =
    [
        new("Relu", X(2, 3).AwayFrom(0)),
        new Case("LeakyRelu", X(2, 3).AwayFrom(0)),
        new Case("LeakyRelu", X(2, 3).AwayFrom(0)).With(("alpha", 0.25f)).Named("alpha"),
        new("PRelu", X(2, 3).AwayFrom(0), X(3)),
        new Case("PRelu", X(2, 3).AwayFrom(0), X(1)).Named("one slope"),
        new Case("PRelu", X(2, 3, 2).AwayFrom(0), X(3, 1)).Named("per channel"),
        new("Elu", X(2, 3).AwayFrom(0)),
        new Case("Elu", X(2, 3).AwayFrom(0)).With(("alpha", 0.5f)).Named("alpha"),
        new("Selu", X(2, 3).AwayFrom(0)),
        new Case("Selu", X(2, 3).AwayFrom(0)).With(("alpha", 0.5f), ("gamma", 2f)).Named("alpha"),
        new("Celu", X(2, 3).AwayFrom(0)),
        new Case("Celu", X(2, 3).AwayFrom(0)).With(("alpha", 0.5f)).Named("alpha"),
        new Case("Gelu", X(2, 3)).At(20),
        new Case("Gelu", X(2, 3)).At(20).With(("approximate", "tanh")).Named("approximated"),
        new Case("Mish", X(2, 3)).At(18),
        new("HardSigmoid", X(2, 8).Within(-4, 4).AwayFrom(-2.5, 2.5)),
        new Case("HardSigmoid", X(2, 8).AwayFrom(-1, 1)).With(("alpha", 0.5f)).Named("alpha"),
        new("HardSwish", X(2, 8).Within(-5, 5).AwayFrom(-3, 3)),
        new("Softsign", X(2, 3).AwayFrom(0)),
        new("ThresholdedRelu", X(2, 8).AwayFrom(1)),
        new Case("ThresholdedRelu", X(2, 8).AwayFrom(0.5)).With(("alpha", 0.5f)).Named("alpha"),
        new("Sigmoid", X(2, 3)),
        new("Tanh", X(2, 3)),
        new("Softplus", X(2, 3)),
        new("Erf", X(2, 3)),
        new("Softmax", X(2, 3)),
        new Case("Softmax", X(2, 3, 2)).With(("axis", 1L)).Named("axis"),
        new Case("Softmax", X(2, 3)).With(("axis", 0L)).Named("axis").At(13),
        new("LogSoftmax", X(2, 3)),
        new Case("LogSoftmax", X(2, 3, 2)).With(("axis", -2L)).Named("axis"),
        new("Dropout", X(2, 3)),
        new Case("Dropout", X(2, 3), Constant(TensorData.Scalar(0.5f)), Constant(TensorData.Scalar(false))).Named(
            "switched off"
        ),
        new Case("Dropout", X(2, 3)).At(11).With(("ratio", 0.5f)),
    ];
}
