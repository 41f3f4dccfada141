using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

internal static class ElementwiseCases
{
    private static readonly TensorData Mask = TensorData.From(new[] { true, false, true }, 3);

    public static readonly Case[] Rows =
    [
        new("Add", X(2, 3), X(2, 3)),
        new Case("Add", X(2, 3), X(3)).Named("a row"),
        new Case("Add", X(2, 1), X(1, 3)).Named("both ways"),
        new Case("Add", X(2, 3), X()).Named("a scalar"),
        new Case("Add", X(4), X(2, 3, 1)).Named("rank raised") with
        {
            Opset = 14,
        },
        new("Sub", X(2, 3), X(3)),
        new("Mul", X(2, 3), X(2, 1)),
        new Case("Mul", X(1), X(2, 3)).Named("one element"),
        new Case("Mul", X(2, 3), Fed(TensorData.From([1.0, 2, 3], 3))).Named("by data"),
        new("Div", X(2, 3), X(3).Within(0.5, 2)),
        new Case("Div", X(3), X(2, 3).Within(-2, -0.5)).Named("rank raised"),
        new("Sum", X(2, 3), X(3), X(2, 1)),
        new Case("Sum", X(2, 3)).Named("of one"),
        new("Mean", X(2, 3), X(3), X()),
        new("Neg", X(2, 3)),
        new("Identity", X(2, 3)),
        new("Abs", X(2, 3).AwayFrom(0)),
        new("Reciprocal", X(2, 3).Within(0.5, 2)),
        new("Sqrt", X(2, 3).Within(0.5, 2)),
        new("Exp", X(2, 3)),
        new("Log", X(2, 3).Within(0.5, 2)),
        new Case("Pow", X(2, 3), Scalar(2)).Named("squared"),
        new Case("Pow", X(2, 3), Scalar(3)).Named("cubed"),
        new Case("Pow", X(2, 3), Constant(TensorData.From([0.0, 1, 2], 3))).Named("whole powers"),
        new Case("Pow", X(2, 3), Constant(TensorData.From(new[] { 0, 1, 4 }, 3))).Named("int32 powers"),
        new Case("Pow", X(2, 3).Within(0.5, 2), X(3)).Named("any power"),
        new Case("Pow", X(2, 1).Within(0.5, 2), X(3)).Named("broadcast"),
        new("Sin", X(2, 3)),
        new("Cos", X(2, 3)),
        new("Tan", X(2, 3).Within(-1, 1)),
        new("Asin", X(2, 3).Within(-0.8, 0.8)),
        new("Acos", X(2, 3).Within(-0.8, 0.8)),
        new("Atan", X(2, 3)),
        new("Sinh", X(2, 3)),
        new("Cosh", X(2, 3)),
        new("Asinh", X(2, 3)),
        new("Acosh", X(2, 3).Within(1.5, 3)),
        new("Atanh", X(2, 3).Within(-0.8, 0.8)),
        new("Min", X(2, 3), X(3)),
        new Case("Min", X(2, 3)).Named("of one"),
        new("Max", X(2, 3), X(3), X(2, 1)),
        new("Where", Constant(Mask), X(2, 3), X(2, 3)),
        new Case("Where", Fed(Mask), X(2, 1), X()).Named("broadcast"),
        new Case("Clip", X(2, 3).AwayFrom(-1, 1), Scalar(-1), Scalar(1)),
        new Case("Clip", X(2, 3).AwayFrom(1), Omitted, Scalar(1)).Named("above"),
        new Case("Clip", X(2, 3).AwayFrom(0), Scalar(0)).Named("below"),
        new Case("Clip", X(2, 3)).Named("unbounded"),
        new Case("Clip", X(2, 3).AwayFrom(0), Scalar(0)).Named("below").At(11),
        new Case("Mod", X(2, 3).Within(3.1, 3.9), X(3).Within(1.1, 1.5)).With(("fmod", 1L)),
        new("Shrink", X(2, 3).AwayFrom(-0.5, 0.5)) { Attributes = [("bias", 0.25f)] },
        new("CastLike", X(2, 3), Scalar(1)),
        new Case("Cast", X(2, 3)).With(("to", (long)DataType.Double)),
    ];
}
