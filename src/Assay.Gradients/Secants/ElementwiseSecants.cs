using Assay.Onnx;

namespace Assay.Gradients.Secants;

/// <summary>Slopes of functions of each element: Δoutput/Δinput, the derivative half way where the interval is too short for it.</summary>
internal static class ElementwiseSecants
{
    public static readonly SecantRule[] Rows =
    [
        new("Relu", c => [c.Emit.Mul(c.G, Passed(c.Emit, c.Lower(0), c.Upper(0)))]),
        new("LeakyRelu", c => [Leaky(c, c.Emit.Scalar(c.Node.Float("alpha", 0.01f)))]),
        new("PRelu", PRelu),
        new("Abs", c => [Leaky(c, c.Emit.Scalar(-1))]),
        new("ReduceL1", c => [c.Emit.Mul(c.Kept(c.G), Turned(c.Emit, c.Lower(0), c.Upper(0), c.Emit.Scalar(-1)))]),
        new("Max", c => Extreme(c, 1)),
        new("Min", c => Extreme(c, -1)),
        new("Exp", c => [c.Emit.Mul(c.G, ExpSlope(c.Emit, c.Lower(0), c.Upper(0)))]),
        new("Log", Relative),
        new("Pow", Pow),
        new("Sqrt", c => [SafeDiv(c.Emit, c.G, c.Emit.Add(c.LowerY, c.UpperY))]),
        new("Reciprocal", c => [c.Emit.Neg(c.Emit.Mul(c.G, c.Emit.Mul(c.LowerY, c.UpperY)))]),
        new("Div", Div),
    ];

    /// <summary>
    /// A smooth function on the scale of 1. Below ε^⅓ the slope loses more to cancellation than the derivative half way
    /// to the third derivative.
    /// </summary>
    public static string?[] Smooth(SecantContext c) => [Slope(c, c.Emit.Scalar(Math.Cbrt(24 * c.Epsilon)))];

    /// <summary>A function with kinks, which the derivative half way must not step over.</summary>
    public static string?[] Kinked(SecantContext c) => [Slope(c, c.Emit.Scalar(Math.Sqrt(c.Epsilon) / 32))];

    // A function whose scale is that of its argument.
    private static string?[] Relative(SecantContext c)
    {
        var e = c.Emit;
        return [Slope(c, e.Mul(e.Node("Abs", [c.Middle(0)]), e.Scalar(Math.Cbrt(24 * c.Epsilon))))];
    }

    private static string Slope(SecantContext c, string shortest)
    {
        if (Enumerable.Range(1, Math.Max(0, c.Node.Input.Count - 1)).Any(c.Varies))
            throw c.Unsupported("more than its first input varies along the path");
        var e = c.Emit;
        var change = e.Sub(c.Upper(0), c.Lower(0));
        var tooShort = e.Node("Not", [e.Node("Greater", [e.Node("Abs", [change]), shortest])]);
        var slope = e.Div(e.Sub(c.UpperY, c.LowerY), e.Where(tooShort, e.Scalar(1), change));
        return e.Where(tooShort, c.DerivativeAtMiddle()[0]!, e.Mul(c.G, slope));
    }

    /// <summary>
    /// The share of [lower, upper] that lies above 0: the slope of max(x, 0), free of cancellation. An interval that is a
    /// point counts as above if it is.
    /// </summary>
    private static string Passed(Emitter e, string lower, string upper)
    {
        var length = e.Add(e.Node("Abs", [e.Sub(upper, lower)]), e.Scalar(Smallest));
        var share = e.Div(e.Node("Max", [upper, lower]), length);
        return e.Node("Clip", [share, e.Scalar(0), e.Scalar(1)]);
    }

    // Above the subnormals of single precision, which processors may flush to 0.
    private const double Smallest = 1e-37;

    private static string Leaky(SecantContext c, string slope) =>
        c.Emit.Mul(c.G, Turned(c.Emit, c.Lower(0), c.Upper(0), slope));

    // The mean slope of what has slope 1 above 0 and another below.
    private static string Turned(Emitter e, string lower, string upper, string slope) =>
        e.Add(slope, e.Mul(Passed(e, lower, upper), e.Sub(e.Scalar(1), slope)));

    private static string?[] PRelu(SecantContext c)
    {
        if (c.Varies(1))
            throw c.Unsupported("its slope varies along the path");
        return [Leaky(c, c.Lower(1)), null];
    }

    // max(a, b) = b + max(a − b, 0).
    private static string?[] Extreme(SecantContext c, int sign)
    {
        if (c.Node.Input.Count != 2)
            throw c.Unsupported("it has other than two inputs");
        var e = c.Emit;
        var (first, second) = sign > 0 ? (0, 1) : (1, 0);
        var passed = Passed(e, e.Sub(c.Lower(first), c.Lower(second)), e.Sub(c.Upper(first), c.Upper(second)));
        var own = e.Mul(c.G, passed);
        return [c.Needs(0) ? c.SumTo(own, 0) : null, c.Needs(1) ? c.SumTo(e.Sub(c.G, own), 1) : null];
    }

    private static string?[] Pow(SecantContext c)
    {
        if (c.Varies(1))
            throw c.Unsupported("its exponent varies along the path");
        var share =
            c.Constant(1) is { Count: 1 } power && power.ToDoubles()[0] is 1 or 2
                ? c.OrdinaryAtMiddle()[0]
                : Relative(c)[0];
        return [share, null];
    }

    // a/b as a · 1/b: a where 1/b changes and 1/b where a does, at places that fit a divisor moving at constant speed.
    private static string?[] Div(SecantContext c)
    {
        if (!c.Varies(1))
            return c.OrdinaryAtLower();
        var e = c.Emit;
        var (low, high) = (e.Node("Reciprocal", [c.Lower(1)]), e.Node("Reciprocal", [c.Upper(1)]));
        var place = PlaceOfDivisor(e, c.Lower(1), c.Upper(1));
        return
        [
            c.Needs(0) ? c.SumTo(e.Mul(c.G, Between(e, high, low, place)), 0) : null,
            c.Needs(1)
                ? c.SumTo(e.Neg(e.Mul(e.Mul(c.G, Between(e, c.Lower(0), c.Upper(0), place)), e.Mul(low, high))), 1)
                : null,
        ];
    }

    /// <summary>from + place · (to − from), without cancellation where one of them is far larger.</summary>
    internal static string Between(Emitter e, string from, string to, string place) =>
        e.Add(e.Mul(from, e.Sub(e.Scalar(1), place)), e.Mul(to, place));

    /// <summary>
    /// θ with θ/s₀ + (1 − θ)/s₁ = ln(s₁/s₀)/(s₁ − s₀), the mean of 1/s where s moves at constant speed:
    /// (r − 1 + e⁻ʳ)/(4 sinh²(r/2)) with r = ln(s₁/s₀); ½ where the ends are equal or lie on different sides of 0.
    /// </summary>
    internal static string PlaceOfDivisor(Emitter e, string lower, string upper)
    {
        var ratio = e.Div(upper, lower);
        var within = e.Node(
            "And",
            [e.Node("Greater", [ratio, e.Scalar(1e-30)]), e.Node("Less", [ratio, e.Scalar(1e30)])]
        );
        var r = e.Node("Log", [e.Where(within, ratio, e.Scalar(1))]);
        var small = e.Node("Less", [e.Node("Abs", [r]), e.Scalar(0.3)]);
        var safe = e.Where(small, e.Scalar(1), r);
        var root = e.Node("Exp", [e.Mul(safe, e.Scalar(0.5))]);
        var twice = e.Sub(root, e.Node("Reciprocal", [root]));
        var above = e.Add(e.Sub(safe, e.Scalar(1)), e.Node("Exp", [e.Neg(safe)]));
        var cube = e.Mul(e.Mul(r, r), e.Mul(r, e.Scalar(1.0 / 180)));
        var series = e.Add(e.Sub(e.Scalar(0.5), e.Mul(r, e.Scalar(1.0 / 6))), cube);
        return e.Where(small, series, e.Div(above, e.Mul(twice, twice)));
    }

    /// <summary>(eᵇ − eᵃ)/(b − a) = e^((a+b)/2) · sinh(δ)/δ with δ = (b − a)/2.</summary>
    internal static string ExpSlope(Emitter e, string lower, string upper)
    {
        var half = e.Scalar(0.5);
        var middle = e.Mul(e.Add(lower, upper), half);
        return e.Node("Exp", [e.Add(middle, LogSinhRatio(e, e.Mul(e.Sub(upper, lower), half)))]);
    }

    /// <summary>ln(sinh(t)/t): even, 0 at 0, without overflow or cancellation.</summary>
    internal static string LogSinhRatio(Emitter e, string t)
    {
        var size = e.Node("Abs", [t]);
        var small = e.Node("Less", [size, e.Scalar(0.05)]);
        var safe = e.Where(small, e.Scalar(1), size);
        var decayed = e.Node("Exp", [e.Mul(safe, e.Scalar(-2))]);
        var ratio = e.Div(e.Sub(e.Scalar(1), decayed), e.Mul(safe, e.Scalar(2)));
        var far = e.Add(safe, e.Node("Log", [ratio]));
        var square = e.Mul(t, t);
        var series = e.Sub(e.Mul(square, e.Scalar(1.0 / 6)), e.Mul(e.Mul(square, square), e.Scalar(1.0 / 180)));
        return e.Where(small, series, far);
    }

    /// <summary>a/b, and 0 where b is 0.</summary>
    internal static string SafeDiv(Emitter e, string a, string b)
    {
        var isZero = e.Node("Equal", [b, e.Scalar(0)]);
        return e.Where(isZero, e.Scalar(0), e.Div(a, e.Where(isZero, e.Scalar(1), b)));
    }
}
