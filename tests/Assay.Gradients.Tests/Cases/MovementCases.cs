using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class MovementCases
{
    public static readonly Case[] Rows =
    [
        new("Reshape", X(2, 6), Constant(-1L, 3)),
        new Case("Reshape", X(2, 3), Fed(3L, 2)).Named("to a computed shape"),
        new("Flatten", X(2, 3, 2)),
        new Case("Flatten", X(2, 3, 2)).With(("axis", 2L)).Named("axis").At(11),
        new("Squeeze", X(2, 1, 3), Constant(1L)),
        new Case("Squeeze", X(2, 1, 3, 1)).Named("all"),
        new Case("Squeeze", X(2, 1, 3)).At(11).With(("axes", new[] { 1L })),
        new("Unsqueeze", X(2, 3), Constant(0L, -1)),
        new Case("Unsqueeze", X(2, 3)).At(12).With(("axes", new[] { 1L })),
        new("Transpose", X(2, 3)),
        new Case("Transpose", X(2, 3, 4)).With(("perm", new[] { 2L, 0, 1 })).Named("cyclic"),
        new Case("Concat", X(2, 3), X(2, 1), X(2, 2)).With(("axis", 1L)),
        new Case("Concat", X(2, 3), X(2, 1)).With(("axis", -1L)).Named("negative axis"),
        new Case("Concat", X(1, 3), X(2, 3)).With(("axis", 0L)).At(11) with
        {
            NeedsShapes = "must be known",
            NeedsSizes = true,
        },
        new Case("Concat", X(2, 3)).With(("axis", 0L)).Named("of one"),
        new Case("Split", X(2, 6), Constant(1L, 2, 3)).With(("axis", 1L)) with
        {
            Outputs = 3,
            Used = [0, 1, 2],
        },
        new Case("Split", X(2, 6), Constant(1L, 2, 3)).With(("axis", -1L)).Named("one part used") with
        {
            Outputs = 3,
            Used = [1],
        },
        new Case("Split", X(2, 6)).With(("axis", 1L), ("num_outputs", 2L)).At(18).Named("evenly") with
        {
            Outputs = 2,
            Used = [0, 1],
        },
        new Case("Split", X(2, 6)).With(("axis", 1L), ("split", new[] { 4L, 2 })).At(11) with
        {
            Outputs = 2,
            Used = [1],
        },
        new("Expand", X(2, 1), Constant(2L, 3)),
        new Case("Expand", X(3), Constant(2L, 1)).Named("rank raised"),
        new Case("Expand", X(2, 1, 3), Fed(2L, 2, 1)).Named("to a computed shape"),
        new("Tile", X(2, 3), Constant(2L, 3)),
        new Case("Tile", X(2, 3), Constant(1L, 2)).At(11),
        new("CumSum", X(2, 3), Constant(TensorData.Scalar(1L))),
        new Case("CumSum", X(2, 3), Constant(TensorData.Scalar(-2L)))
            .With(("exclusive", 1L), ("reverse", 1L))
            .Named("from behind"),
        new("Trilu", X(3, 3)),
        new Case("Trilu", X(2, 3, 3), Constant(TensorData.Scalar(-1L))).With(("upper", 0L)).Named("lower"),
        new("Pad", X(2, 3), Constant(1L, 0, 0, 2)),
        new Case("Pad", X(2, 3), Constant(0L, -1, 1, 0), Scalar(0.5)).Named("cut and filled"),
        new Case("Pad", X(2, 3), Fed(0L, 1, 1, 0)).Named("computed pads"),
        new Case("Pad", X(2, 3), Constant(1L, 2), Omitted, Constant(-1L)).At(18).Named("one axis"),
        new Case("Pad", X(2, 3), Constant(1L, 0, 0, 2)).At(11),
        new Case("Pad", X(2, 4), Constant(1L, 3, 0, 2)).With(("mode", "reflect")).Named("reflected"),
        new Case("Pad", X(2, 3), Fed(1L, 2, 0, 2)).With(("mode", "edge")).Named("edge"),
        new Case("Pad", X(2, 3), Constant(1L, 2, 0, 2)).With(("mode", "wrap")).At(19).Named("wrapped"),
    ];
}
