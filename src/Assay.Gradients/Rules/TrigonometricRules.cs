using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Trigonometric and hyperbolic functions and their inverses, from their textbook derivatives.</summary>
internal static class TrigonometricRules
{
    public static readonly GradientRule[] Rows =
    [
        new("Sin", c => [c.Emit.Mul(c.G, c.Emit.Node("Cos", [c.X]))]),
        new("Cos", c => [c.Emit.Neg(c.Emit.Mul(c.G, c.Emit.Node("Sin", [c.X])))]),
        new("Tan", c => [c.Emit.Mul(c.G, c.Emit.Add(c.Emit.Scalar(1), c.Emit.Mul(c.Y, c.Y)))]),
        new("Asin", c => [c.Emit.Div(c.G, Root(c, c.Emit.Sub(c.Emit.Scalar(1), Square(c))))], Note: "infinite at ±1"),
        new(
            "Acos",
            c => [c.Emit.Neg(c.Emit.Div(c.G, Root(c, c.Emit.Sub(c.Emit.Scalar(1), Square(c)))))],
            Note: "infinite at ±1"
        ),
        new("Atan", c => [c.Emit.Div(c.G, c.Emit.Add(c.Emit.Scalar(1), Square(c)))]),
        new("Sinh", c => [c.Emit.Mul(c.G, c.Emit.Node("Cosh", [c.X]))]),
        new("Cosh", c => [c.Emit.Mul(c.G, c.Emit.Node("Sinh", [c.X]))]),
        new("Asinh", c => [c.Emit.Div(c.G, Root(c, c.Emit.Add(Square(c), c.Emit.Scalar(1))))]),
        new("Acosh", c => [c.Emit.Div(c.G, Root(c, c.Emit.Sub(Square(c), c.Emit.Scalar(1))))], Note: "infinite at 1"),
        new("Atanh", c => [c.Emit.Div(c.G, c.Emit.Sub(c.Emit.Scalar(1), Square(c)))], Note: "infinite at ±1"),
    ];

    private static string Square(RuleContext c) => c.Emit.Mul(c.X, c.X);

    private static string Root(RuleContext c, string value) => c.Emit.Node("Sqrt", [value]);
}
