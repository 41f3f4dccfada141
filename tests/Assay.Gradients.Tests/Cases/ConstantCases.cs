using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Operators through which nothing flows: their finite differences are 0, and so must be the gradient.</summary>
internal static class ConstantCases
{
    private static readonly string[] Comparisons = ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"];

    private static readonly Operand Truth = Cast(DataType.Bool, 3);

    public static readonly Case[] Rows =
    [
        .. Comparisons.Select(o => new Case(o, X(2, 3), X(3)) { Discrete = true }),
        .. new[] { "And", "Or", "Xor" }.Select(o => new Case(o, Truth, Truth) { Discrete = true }),
        new("Not", Truth) { Discrete = true },
        .. new[] { "IsNaN", "IsInf" }.Select(o => new Case(o, X(2, 3)) { Discrete = true, Opset = 20 }),
        .. new[] { "Shape", "Size", "NonZero", "ArgMax", "ArgMin" }.Select(o => new Case(o, X(2, 3))
        {
            Discrete = true,
        }),
        .. new[] { "Sign", "Floor", "Ceil", "Round" }.Select(o => new Case(
            o,
            X(2, 3).AwayFrom(-1.5, -1, -0.5, 0, 0.5, 1, 1.5)
        )),
        new("Hardmax", X(2, 3)),
        new("ConstantOfShape", Cast(DataType.Int64, 2)) { Discrete = true },
        new("Constant") { Attributes = [("value", TensorData.From([1.0, 2], 2))] },
        new("Range", Cast(DataType.Int64).Within(0.1, 0.9), Cast(DataType.Int64), Constant(TensorData.Scalar(1L)))
        {
            Discrete = true,
        },
        new("OneHot", Cast(DataType.Int64, 2), Constant(TensorData.Scalar(3L)), Constant(TensorData.From([0.0, 1], 2))),
        new("BitShift", Cast(DataType.Uint64, 2), Constant(TensorData.From(new ulong[] { 1, 1 }, 2)))
        {
            Discrete = true,
            Attributes = [("direction", "LEFT")],
        },
    ];
}
