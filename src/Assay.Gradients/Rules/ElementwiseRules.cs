using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Arithmetic, powers, selection: operators that act on each element, with broadcasting where they take several.</summary>
internal static class ElementwiseRules
{
    public static readonly GradientRule[] Rows =
    [
        new("Add", c => [c.G, c.G], Broadcasts: true),
        new("Sub", c => [c.G, c.Needs(1) ? c.Emit.Neg(c.G) : null], Broadcasts: true),
        new("Mul", Mul, Broadcasts: true),
        new("Div", Div, Broadcasts: true),
        new("Sum", c => [.. Enumerable.Repeat(c.G, c.Inputs)], Broadcasts: true),
        new("Mean", Mean, Broadcasts: true),
        new("Neg", c => [c.Emit.Neg(c.G)]),
        new("Identity", c => [c.G]),
        new("Abs", c => [c.Emit.Mul(c.G, c.Emit.Node("Sign", [c.X]))], Note: "0 at the kink"),
        new("Reciprocal", c => [c.Emit.Neg(c.Emit.Mul(c.G, c.Emit.Mul(c.Y, c.Y)))]),
        new("Sqrt", c => [c.Emit.Div(c.Emit.Mul(c.G, c.Emit.Scalar(0.5)), c.Y)], Note: "infinite at 0"),
        new("Exp", c => [c.Emit.Mul(c.G, c.Y)]),
        new("Log", c => [c.Emit.Div(c.G, c.X)]),
        new("Pow", Pow, Broadcasts: true, Note: "the exponent's gradient is 0 where the base is not positive"),
        new("Min", Extreme, Broadcasts: true, Note: "a tie is shared equally by all that attain it"),
        new("Max", Extreme, Broadcasts: true, Note: "a tie is shared equally by all that attain it"),
        new("Where", Where, Broadcasts: true),
        new("Clip", Clip, Note: "1 on the bounds, 0 outside them; the bounds get no gradient"),
        new("Mod", Mod, Broadcasts: true, Note: "between its jumps"),
        new("CastLike", c => [Cast(c)[0], null], Since: 15, Note: "as Cast"),
        new("Cast", Cast, Note: "between float types; casts from integers and bool carry none"),
    ];

    private static string?[] Mul(RuleContext c) =>
        [c.Needs(0) ? c.Emit.Mul(c.G, c.Input(1)) : null, c.Needs(1) ? c.Emit.Mul(c.G, c.Input(0)) : null];

    private static string?[] Div(RuleContext c) =>
        [
            c.Needs(0) ? c.Emit.Div(c.G, c.Input(1)) : null,
            c.Needs(1) ? c.Emit.Neg(c.Emit.Div(c.Emit.Mul(c.G, c.Y), c.Input(1))) : null,
        ];

    private static string?[] Mean(RuleContext c)
    {
        var share = c.Emit.Mul(c.G, c.Emit.Scalar(1.0 / c.Inputs));
        return [.. Enumerable.Repeat(share, c.Inputs)];
    }

    private static string?[] Pow(RuleContext c)
    {
        var (e, exponent) = (c.Emit, c.Input(1));
        // x² is by far the commonest power (factorisation machines, norms) and needs no Pow of its own.
        if (!c.Needs(1) && c.Constant(exponent) is { Count: 1 } power && power.ToDoubles()[0] == 2)
            return [e.Mul(c.G, e.Mul(c.X, e.Scalar(2))), null];
        var p = e.Cast(exponent, e.FloatType);
        return [c.Needs(0) ? PowBase(c, p) : null, c.Needs(1) ? PowExponent(c) : null];
    }

    // p·x^(p−1), with another power where p = 0, as x⁻¹ may be infinite.
    private static string PowBase(RuleContext c, string p)
    {
        var e = c.Emit;
        var lower = e.Where(e.Node("Equal", [p, e.Scalar(0)]), e.Scalar(1), e.Sub(p, e.Scalar(1)));
        return e.Mul(c.G, e.Mul(p, e.Node("Pow", [c.X, lower])));
    }

    private static string PowExponent(RuleContext c)
    {
        var e = c.Emit;
        var positive = e.Node("Greater", [c.X, e.Scalar(0)]);
        var log = e.Node("Log", [e.Where(positive, c.X, e.Scalar(1))]);
        return e.Mul(c.G, e.Mul(c.Y, log));
    }

    private static string?[] Extreme(RuleContext c)
    {
        var e = c.Emit;
        var attains = Enumerable
            .Range(0, c.Inputs)
            .Select(i => e.Cast(e.Node("Equal", [c.Input(i), c.Y]), e.FloatType))
            .ToArray();
        var share = e.Div(c.G, attains.Length == 1 ? attains[0] : e.Node("Sum", attains));
        return [.. attains.Select((a, i) => c.Needs(i) ? e.Mul(share, a) : null)];
    }

    private static string?[] Where(RuleContext c)
    {
        var (e, zero) = (c.Emit, c.Emit.Scalar(0));
        return
        [
            null,
            c.Needs(1) ? e.Where(c.Input(0), c.G, zero) : null,
            c.Needs(2) ? e.Where(c.Input(0), zero, c.G) : null,
        ];
    }

    private static string?[] Clip(RuleContext c)
    {
        var e = c.Emit;
        var gradient = c.G;
        foreach (var (bound, outside) in new[] { (c.Input(1), "Less"), (c.Input(2), "Greater") })
            if (bound.Length > 0)
                gradient = e.Where(e.Node(outside, [c.X, bound]), e.Scalar(0), gradient);
        return [gradient];
    }

    // Only floats get here: y = a − q·b, q whole.
    private static string?[] Mod(RuleContext c)
    {
        var e = c.Emit;
        return [c.G, c.Needs(1) ? e.Neg(e.Mul(c.G, e.Div(e.Sub(c.X, c.Y), c.Input(1)))) : null];
    }

    private static string?[] Cast(RuleContext c)
    {
        var from = c.FloatType(c.X);
        return [from == c.FloatType(c.Y) ? c.G : c.Emit.Cast(c.G, from)];
    }
}
