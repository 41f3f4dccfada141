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
        if (c.Node.Int("keepdims", 1) != 1)
            throw c.Unsupported("it drops the dimensions that it sums");
        var e = c.Emit;
        return [e.Mul(c.G, Weights(c, e.Sub(c.Lower(0), c.LowerY), e.Sub(c.Upper(0), c.UpperY))), null];
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

    // y = d/s · scale + bias with d = x − μ, s = √(mean d² + ε): products by the mean of the other factor.
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
        var middle = e.Mul(e.Add(low.Centred, high.Centred), e.Scalar(0.5));
        var product = e.Mul(low.Deviation, high.Deviation);
        var sum = e.Add(low.Deviation, high.Deviation);
        // ½(1/s₀ + 1/s₁) = (s₀ + s₁)/(2 s₀ s₁);  Δ(1/s) = −Δ(s²)/(s₀ s₁ (s₀ + s₁)).
        var inverse = e.Div(e.Mul(sum, e.Scalar(0.5)), product);
        var h = e.Mul(c.G, c.Lower(1));
        var along = e.Mul(Mean(e.Mul(h, middle)), e.Scalar(2));
        var shared = e.Sub(e.Mul(h, inverse), e.Mul(middle, e.Div(along, e.Mul(product, sum))));
        return [e.Sub(shared, Mean(shared)), null, null];
    }

    // √Σx²: Δ = Σ (x₀ + x₁)Δx / (y₀ + y₁).
    private static string L2(SecantContext c)
    {
        if (c.Node.Int("keepdims", 1) != 1)
            throw c.Unsupported("it drops the dimensions that it sums");
        var e = c.Emit;
        var share = ElementwiseSecants.SafeDiv(e, c.G, e.Add(c.LowerY, c.UpperY));
        return e.Mul(share, e.Add(c.Lower(0), c.Upper(0)));
    }
}
