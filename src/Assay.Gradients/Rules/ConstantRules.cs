namespace Assay.Gradients.Rules;

/// <summary>Operators through which no gradient flows: comparisons, logic, shapes, integers, steps.</summary>
internal static class ConstantRules
{
    public static readonly GradientRule[] Rows =
    [
        .. new[]
        {
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Not",
            "And",
            "Or",
            "Xor",
            "IsNaN",
            "IsInf",
        }.Select(o => new GradientRule(o, null, Note: "comparison or logic")),
        .. new[]
        {
            "Shape",
            "Size",
            "ConstantOfShape",
            "Range",
            "NonZero",
            "ArgMax",
            "ArgMin",
            "OneHot",
            "Constant",
        }.Select(o => new GradientRule(o, null, Note: "shape, index or constant")),
        .. new[] { "Sign", "Floor", "Ceil", "Round", "Hardmax" }.Select(o => new GradientRule(o, null, Note: "a step")),
        .. new[] { "BitShift" }.Select(o => new GradientRule(o, null, Note: "integer arithmetic")),
    ];
}
