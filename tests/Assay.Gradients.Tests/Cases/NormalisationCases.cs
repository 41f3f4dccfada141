using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class NormalisationCases
{
    private static readonly Operand Mean = Constant(TensorData.From([0.1, -0.2, 0.3], 3));
    private static readonly Operand Variance = Constant(TensorData.From([0.5, 1.5, 1], 3));

    public static readonly Case[] Rows =
    [
        new("LayerNormalization", X(2, 4), X(4), X(4)),
        new Case("LayerNormalization", X(2, 4), X(4)).Named("without bias"),
        new Case("LayerNormalization", X(2, 2, 3), X(2, 3), X(3))
            .With(("axis", 1L), ("epsilon", 0.1f))
            .Named("axis") with
        {
            NeedsShapes = "must be known",
        },
        new("InstanceNormalization", X(2, 3, 4), X(3), X(3)) { NeedsShapes = "must be known" },
        new("LpNormalization", X(2, 3)),
        new Case("LpNormalization", X(2, 3).AwayFrom(0)).With(("p", 1L), ("axis", 0L)).Named("of order 1"),
        new("BatchNormalization", X(2, 3), X(3), X(3), Mean, Variance) { NeedsShapes = "must be known" },
        new Case("BatchNormalization", X(2, 3, 2), X(3), X(3), Mean, Variance).With(("epsilon", 0.1f)).Named("1-D") with
        {
            NeedsShapes = "must be known",
        },
        new Case("BatchNormalization", X(2, 3), X(3), X(3), Mean, Variance).At(13) with
        {
            NeedsShapes = "must be known",
        },
    ];
}
