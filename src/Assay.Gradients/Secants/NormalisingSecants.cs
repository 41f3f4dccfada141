using Assay.Onnx;

namespace Assay.Gradients.Secants;

/// <summary>Operators that divide by a norm, a deviation or a sum, taken apart into steps that each keep their balance.</summary>
internal static class NormalisingSecants
{
    public static readonly SecantRule[] Rows =
    [
        new("Softmax", Softmax),
        new("LogSoftmax", LogSoftmax),
        new("ReduceLogSumExp", LogSumExp),
        new("LayerNormalization", LayerNormalization),
        new("LpNormalization", LpNormalization),
        new("ReduceL2", c => [L2(c)]),
    ];

    // y = exp(v), v = u − lse(u); lse changes by Σ p·Δu.
    private static string?[] Softmax(SecantContext c)
    {
        var (e, axis) = (c.Emit, c.Node.Int("axis", -1));
        var (low, high) = LogProbabilities(c, axis);
        var g = e.Mul(c.G, ExpSlope(e, low, high));
        return [e.Sub(g, e.Mul(Weights(c, low, high), e.ReduceSum(g, [axis], keepDims: true)))];
    }

    private static string?[] LogSoftmax(SecantContext c)
    {
        var (e, axis) = (c.Emit, c.Node.Int("axis", -1));
        return [e.Sub(c.G, e.Mul(Weights(c, c.LowerY, c.UpperY), e.ReduceSum(c.G, [axis], keepDims: true)))];
    }

    private static string?[] LogSumExp(SecantContext c)
    {
        var e = c.Emit;
        var (low, high) = (e.Sub(c.Lower(0), c.Kept(c.LowerY)), e.Sub(c.Upper(0), c.Kept(c.UpperY)));
        return [e.Mul(c.Kept(c.G), Weights(c, low, high)), null];
    }

    private static (string Low, string High) LogProbabilities(SecantContext c, long axis) =>
        (
            c.Emit.Node("LogSoftmax", [c.Lower(0)], ("axis", axis)),
            c.Emit.Node("LogSoftmax", [c.Upper(0)], ("axis", axis))
        );

    // p with Σ p·Δu = Δlse: the slope of exp at u over the slope of exp at lse.
    private static string Weights(SecantContext c, string low, string high)
    {
        var (e, half) = (c.Emit, c.Emit.Scalar(0.5));
        var change = Finite(e, e.Sub(c.Upper(0), c.Lower(0)));
        var normaliser = e.Sub(change, Finite(e, e.Sub(high, low)));
        var ratio = e.Sub(
            ElementwiseSecants.LogSinhRatio(e, e.Mul(change, half)),
            ElementwiseSecants.LogSinhRatio(e, e.Mul(normaliser, half))
        );
        return e.Node("Exp", [e.Add(e.Mul(e.Add(low, high), half), ratio)]);
    }

    private static string ExpSlope(Emitter e, string low, string high)
    {
        var half = e.Scalar(0.5);
        var change = Finite(e, e.Sub(high, low));
        return e.Node(
            "Exp",
            [e.Add(e.Mul(e.Add(low, high), half), ElementwiseSecants.LogSinhRatio(e, e.Mul(change, half)))]
        );
    }

    // What is masked by −∞ at both ends has not moved.
    private static string Finite(Emitter e, string change) => e.Where(e.Node("IsNaN", [change]), e.Scalar(0), change);

    // y = d/s · scale + bias with d = x − μ, s = √(mean d² + ε): a quotient, as Div has it.
    private static string?[] LayerNormalization(SecantContext c)
    {
        if (c.Needs(1) || c.Needs(2) || c.Varies(1) || c.Varies(2))
            throw c.Unsupported("its scale or bias varies along the path");
        var e = c.Emit;
        var axes = c.LastAxes(0, c.Node.Int("axis", -1));
        string Mean(string value) => e.Reduce("ReduceMean", value, axes, keepDims: true);
        (string Centred, string Deviation) At(string x)
        {
            var centred = e.Sub(x, Mean(x));
            var variance = e.Add(Mean(e.Mul(centred, centred)), e.Scalar(c.Node.Float("epsilon", 1e-5f)));
            return (centred, e.Node("Sqrt", [variance]));
        }
        var (low, high) = (At(c.Lower(0)), At(c.Upper(0)));
        var place = ElementwiseSecants.PlaceOfDivisor(e, low.Deviation, high.Deviation);
        var (first, last) = (e.Node("Reciprocal", [low.Deviation]), e.Node("Reciprocal", [high.Deviation]));
        var inverse = ElementwiseSecants.Between(e, last, first, place);
        var there = ElementwiseSecants.Between(e, low.Centred, high.Centred, place);
        var h = e.Mul(c.G, c.Lower(1));
        // Δ(1/s) = −Δ(s²)/(s₀ s₁ (s₀ + s₁)), Δ(s²) = mean (d₀ + d₁)Δd.
        var along = e.Div(e.Mul(Mean(e.Mul(h, there)), e.Mul(first, last)), e.Add(low.Deviation, high.Deviation));
        var shared = e.Sub(e.Mul(h, inverse), e.Mul(e.Add(low.Centred, high.Centred), along));
        return [e.Sub(shared, Mean(shared)), null, null];
    }

    // y = x/s, s = ‖x‖: as x = y·s, Δy = (Δx − mean y·Δs)/mean s, for s may begin at 0; there y is 0.
    private static string?[] LpNormalization(SecantContext c)
    {
        if (c.Node.Int("p", 2) != 2)
            throw c.Unsupported("its norm is not the second");
        var (e, axis) = (c.Emit, c.Node.Int("axis", -1));
        string Norm(string x) => e.Reduce("ReduceL2", x, [axis], keepDims: true);
        var (low, high) = (Norm(c.Lower(0)), Norm(c.Upper(0)));
        string Per(string a, string b) => ElementwiseSecants.SafeDiv(e, a, b);
        var sum = e.Add(low, high);
        // Mean of both ends' outputs, an end of norm 0 counting as 0.
        var both = e.Add(Per(c.Lower(0), low), Per(c.Upper(0), high));
        var h = Per(e.Mul(c.G, e.Scalar(2)), sum);
        var along = Per(e.ReduceSum(e.Mul(h, e.Mul(both, e.Scalar(0.5))), [axis], keepDims: true), sum);
        return [e.Sub(h, e.Mul(e.Add(c.Lower(0), c.Upper(0)), along))];
    }

    // √Σx²: Δ = Σ (x₀ + x₁)Δx / (y₀ + y₁).
    private static string L2(SecantContext c)
    {
        var e = c.Emit;
        var share = ElementwiseSecants.SafeDiv(e, c.Kept(c.G), c.Kept(e.Add(c.LowerY, c.UpperY)));
        return e.Mul(share, e.Add(c.Lower(0), c.Upper(0)));
    }
}
