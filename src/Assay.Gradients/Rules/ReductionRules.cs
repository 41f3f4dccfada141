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
        new("ReduceL1", c => [c.Emit.Mul(Spread(c, c.G), c.Emit.Node("Sign", [c.X]))], Note: "0 at the kink"),
        new("ReduceL2", L2, Note: "0 at the zero vector"),
        new("ReduceLogSum", c => [Spread(c, c.Emit.Mul(c.G, c.Emit.Node("Exp", [c.Emit.Neg(c.Y)])))]),
        new("ReduceLogSumExp", LogSumExp),
        new(
            "ReduceProd",
            Product,
            Note: "exact at zeros; the gradient's own gradient too along one axis of at most 64, else 0 there"
        ),
    ];

    /// <summary>A reduced value brought back to the input's rank and repeated along the reduced axes.</summary>
    private static string Spread(RuleContext c, string value) => c.Emit.ExpandTo(WithAxes(c, value), c.Emit.Shape(c.X));

    private static string WithAxes(RuleContext c, string value)
    {
        if (c.Node.Int("keepdims", 1) == 1)
            return value;
        if (ComputedAxes(c) is { } computed)
            return c.Emit.Node("Unsqueeze", [value, computed]);
        // With every axis reduced the value is a scalar, and with none it is whole: both broadcast as they are.
        var axes = OperatorForms.Axes(c.Emit.Graph, c.Node);
        return axes is null or [] ? value : c.Emit.Unsqueeze(value, axes);
    }

    private static string? ComputedAxes(RuleContext c) =>
        c.Input(1).Length > 0 && c.Constant(c.Input(1)) is null ? c.Input(1) : null;

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
        return [e.Mul(attains, Spread(c, e.Div(c.G, Count(c, attains))))];
    }

    // Sums over the axes that the node itself reduces.
    private static string Count(RuleContext c, string value)
    {
        var keep = c.Node.Int("keepdims", 1);
        if (ComputedAxes(c) is { } axes)
            return c.Emit.Node("ReduceSum", [value, axes], ("keepdims", keep));
        var constant = OperatorForms.Axes(c.Emit.Graph, c.Node) ?? [];
        return constant.Length == 0 && c.Node.Int("noop_with_empty_axes", 0) == 1
            ? value
            : c.Emit.ReduceSum(value, constant, keep == 1);
    }

    // x/‖x‖, its denominator replaced where it is 0, as x is 0 there too.
    private static string?[] L2(RuleContext c)
    {
        var e = c.Emit;
        var norm = e.Where(e.Node("Equal", [c.Y, e.Scalar(0)]), e.Scalar(1), c.Y);
        return [e.Mul(c.X, Spread(c, e.Div(c.G, norm)))];
    }

    // More elements than this would cost their square.
    private const int MostPairs = 64;

    // For each element the product of the others, with the element itself replaced by 1: polynomials, so that they can be
    // differentiated again at zeros too.
    private static string? ProductOfOthers(RuleContext c)
    {
        if (c.Rank(c.X) is not { } rank || ComputedAxes(c) is not null)
            return null;
        var axes = OperatorForms.Axes(c.Emit.Graph, c.Node) ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        if (axes.Length != 1 || c.Size(c.X, c.Axis(axes[0], c.X)) is not (<= MostPairs and var size))
            return null;
        var (e, axis) = (c.Emit, c.Axis(axes[0], c.X));
        var own = new bool[size * size];
        for (var i = 0; i < size; i++)
            own[i * size + i] = true;
        long[] pairs = [size, size, .. Enumerable.Repeat(1L, rank - axis - 1)];
        var beside = e.Where(e.Constant(TensorData.From(own, pairs)), e.Scalar(1), e.Unsqueeze(c.X, axis));
        return e.Reduce("ReduceProd", beside, [axis + 1], keepDims: false);
    }

    // The product of all others: y/x without zeros; with one zero only it gets any; with two nobody does.
    private static string?[] Product(RuleContext c)
    {
        var (e, n) = (c.Emit, c.Node);
        if (ProductOfOthers(c) is { } polynomials)
            return [e.Mul(Spread(c, c.G), polynomials)];
        var isZero = e.Node("Equal", [c.X, e.Scalar(0)]);
        var safe = e.Where(isZero, e.Scalar(1), c.X);
        var inputs = new[] { safe }.Concat(n.Input.Skip(1)).ToArray();
        var attributes = n.Attribute.Where(a => a.Name is "axes" or "keepdims" or "noop_with_empty_axes");
        var product = e.Node(
            "ReduceProd",
            inputs,
            [.. attributes.Select(a => (a.Name, a.Name == "axes" ? (object)a.Ints.ToArray() : a.I))]
        );
        var zeros = Spread(c, Count(c, e.Cast(isZero, e.FloatType)));
        var others = e.Sub(zeros, e.Cast(isZero, e.FloatType));
        var alone = e.Node("Equal", [others, e.Scalar(0)]);
        return [e.Mul(Spread(c, c.G), e.Where(alone, e.Div(Spread(c, product), safe), e.Scalar(0)))];
    }

    private static string?[] LogSumExp(RuleContext c)
    {
        var e = c.Emit;
        return [e.Mul(Spread(c, c.G), e.Node("Exp", [e.Sub(c.X, Spread(c, c.Y))]))];
    }
}
