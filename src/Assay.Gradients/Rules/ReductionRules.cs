using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Reductions: the gradient is spread back over the axes that were reduced.</summary>
internal static class ReductionRules
{
    public static readonly GradientRule[] Rows =
    [
        new("ReduceSum", c => [Spread(c, c.G)]),
        new("ReduceMean", Mean),
        new("ReduceMax", Extreme, Note: "a tie is shared equally by all that attain it"),
        new("ReduceMin", Extreme, Note: "a tie is shared equally by all that attain it"),
        new("ReduceSumSquare", c => [c.Emit.Mul(Spread(c, c.G), c.Emit.Mul(c.X, c.Emit.Scalar(2)))]),
        new("ReduceL1", c => [c.Emit.Mul(Spread(c, c.G), c.Emit.Node("Sign", [c.X]))], Since: 9),
        new("ReduceL2", c => [c.Emit.Mul(c.X, Spread(c, c.Emit.Div(c.G, c.Y)))]),
        new("ReduceLogSumExp", LogSumExp),
    ];

    /// <summary>A reduced value brought back to the input's rank and repeated along the reduced axes.</summary>
    private static string Spread(RuleContext c, string value) => c.Emit.ExpandTo(WithAxes(c, value), c.Emit.Shape(c.X));

    private static string WithAxes(RuleContext c, string value)
    {
        if (c.Node.Int("keepdims", 1) == 1)
            return value;
        var axes = OperatorForms.Axes(c.Emit.Graph, c.Node);
        // With every axis reduced the value is a scalar, which broadcasts as it is.
        return axes is null or [] ? value : c.Emit.Unsqueeze(value, axes);
    }

    private static string?[] Mean(RuleContext c)
    {
        var e = c.Emit;
        var per = e.Div(e.Cast(e.Node("Size", [c.X]), e.FloatType), e.Cast(e.Node("Size", [c.Y]), e.FloatType));
        return [Spread(c, e.Div(c.G, per))];
    }

    private static string?[] Extreme(RuleContext c)
    {
        var e = c.Emit;
        var attains = e.Cast(e.Node("Equal", [c.X, Spread(c, c.Y)]), e.FloatType);
        var axes = OperatorForms.Axes(e.Graph, c.Node) ?? [];
        var ties = e.ReduceSum(attains, axes, keepDims: c.Node.Int("keepdims", 1) == 1);
        return [e.Mul(attains, Spread(c, e.Div(c.G, ties)))];
    }

    private static string?[] LogSumExp(RuleContext c)
    {
        var e = c.Emit;
        return [e.Mul(Spread(c, c.G), e.Node("Exp", [e.Sub(c.X, Spread(c, c.Y))]))];
    }
}
