using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class ReductionCases
{
    private static readonly (string Name, double Low, double High, double[] Kinks)[] Operators =
    [
        ("ReduceSum", -2, 2, []),
        ("ReduceMean", -2, 2, []),
        ("ReduceMax", -2, 2, []),
        ("ReduceMin", -2, 2, []),
        ("ReduceSumSquare", -2, 2, []),
        ("ReduceL1", -2, 2, [0]),
        ("ReduceL2", -2, 2, []),
        ("ReduceLogSum", 0.5, 2, []),
        ("ReduceLogSumExp", -2, 2, []),
        ("ReduceProd", 0.5, 2, []),
    ];

    public static readonly Case[] Rows = [.. Operators.SelectMany(o => Forms(o.Name, o.Low, o.High, o.Kinks))];

    private static IEnumerable<Case> Forms(string name, double low, double high, double[] kinks)
    {
        var x = X(2, 3, 2).Within(low, high).AwayFrom(kinks);
        var inputSince = name == "ReduceSum" ? 13 : 18;
        yield return new Case(name, x, Constant(1L)).At(inputSince).Named("axes as input");
        yield return new Case(name, x, Constant(-1L, 0)).At(18).With(("keepdims", 0L)).Named("two axes dropped");
        yield return new Case(name, x, Fed(-2L)).At(18).With(("keepdims", 0L)).Named("axes computed");
        yield return new Case(name, x).At(18).With(("keepdims", 0L)).Named("all axes");
        yield return new Case(name, x).At(18).Named("all axes kept");
        yield return new Case(name, x).At(11).With(("axes", new[] { 1L })).Named("axes as attribute");
        yield return new Case(name, x).At(12).With(("axes", new[] { -1L }), ("keepdims", 0L)).Named("axes dropped");
        if (name is "ReduceSum" or "ReduceMean" or "ReduceMax")
            yield return new Case(name, x).At(18).With(("noop_with_empty_axes", 1L)).Named("of nothing");
    }
}
