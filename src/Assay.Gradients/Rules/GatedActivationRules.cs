using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Activations composed of others: gated linear units and their piecewise stand-ins.</summary>
internal static class GatedActivationRules
{
    public static readonly GradientRule[] Rows =
    [
        new("Gelu", Gelu, Since: 20),
        new("Mish", Mish, Since: 18),
        new("HardSigmoid", HardSigmoid, Note: "0 at both kinks"),
        new("HardSwish", HardSwish, Since: 14, Note: "the inner slope at both kinks"),
        new("Softsign", Softsign),
        new("Shrink", Shrink, Note: "0 at both jumps"),
        new("ThresholdedRelu", ThresholdedRelu, Note: "0 at the threshold"),
    ];

    // y = x·Φ(x), or with Φ approximated by ½(1 + tanh u), u = √(2/π)(x + 0.044715 x³)  (Hendrycks and Gimpel 2016).
    private static string?[] Gelu(RuleContext c)
    {
        var e = c.Emit;
        var (gate, slope) = c.Node.Text("approximate", "none") == "tanh" ? TanhGate(e, c.X) : NormalGate(e, c.X);
        return [e.Mul(c.G, e.Add(gate, e.Mul(c.X, slope)))];
    }

    private static (string Gate, string Slope) NormalGate(Emitter e, string x)
    {
        var erf = e.Node("Erf", [e.Mul(x, e.Scalar(Math.Sqrt(0.5)))]);
        var bell = e.Node("Exp", [e.Mul(e.Mul(x, x), e.Scalar(-0.5))]);
        return (e.Mul(e.Add(erf, e.Scalar(1)), e.Scalar(0.5)), e.Mul(bell, e.Scalar(1 / Math.Sqrt(2 * Math.PI))));
    }

    private static (string Gate, string Slope) TanhGate(Emitter e, string x)
    {
        const double cubic = 0.044715;
        var scale = Math.Sqrt(2 / Math.PI);
        var square = e.Mul(x, x);
        var u = e.Mul(x, e.Add(e.Scalar(scale), e.Mul(square, e.Scalar(scale * cubic))));
        var tanh = e.Node("Tanh", [u]);
        var inner = e.Add(e.Scalar(scale), e.Mul(square, e.Scalar(3 * scale * cubic)));
        var slope = e.Mul(e.Sub(e.Scalar(1), e.Mul(tanh, tanh)), inner);
        return (e.Mul(e.Add(tanh, e.Scalar(1)), e.Scalar(0.5)), e.Mul(slope, e.Scalar(0.5)));
    }

    // y = x·t, t = tanh(softplus x)  (Misra 2019).
    private static string?[] Mish(RuleContext c)
    {
        var e = c.Emit;
        var t = e.Node("Tanh", [e.Node("Softplus", [c.X])]);
        var slope = e.Mul(e.Sub(e.Scalar(1), e.Mul(t, t)), e.Node("Sigmoid", [c.X]));
        return [e.Mul(c.G, e.Add(t, e.Mul(c.X, slope)))];
    }

    private static string?[] Shrink(RuleContext c)
    {
        var e = c.Emit;
        var outside = e.Node("Greater", [e.Node("Abs", [c.X]), e.Scalar(c.Node.Float("lambd", 0.5f))]);
        return [e.Where(outside, c.G, e.Scalar(0))];
    }

    private static string?[] HardSigmoid(RuleContext c)
    {
        var e = c.Emit;
        var inside = e.Node("And", [e.Node("Greater", [c.Y, e.Scalar(0)]), e.Node("Less", [c.Y, e.Scalar(1)])]);
        return [e.Where(inside, e.Mul(c.G, e.Scalar(c.Node.Float("alpha", 0.2f))), e.Scalar(0))];
    }

    // 0 below −3, 1 above 3, x/3 + ½ between.
    private static string?[] HardSwish(RuleContext c)
    {
        var e = c.Emit;
        var inner = e.Add(e.Mul(c.X, e.Scalar(1.0 / 3)), e.Scalar(0.5));
        var notBelow = e.Where(e.Node("Less", [c.X, e.Scalar(-3)]), e.Scalar(0), inner);
        return [e.Mul(c.G, e.Where(e.Node("Greater", [c.X, e.Scalar(3)]), e.Scalar(1), notBelow))];
    }

    private static string?[] Softsign(RuleContext c)
    {
        var e = c.Emit;
        var root = e.Add(e.Scalar(1), e.Node("Abs", [c.X]));
        return [e.Div(c.G, e.Mul(root, root))];
    }

    private static string?[] ThresholdedRelu(RuleContext c)
    {
        var e = c.Emit;
        return [e.Where(e.Node("Greater", [c.X, e.Scalar(c.Node.Float("alpha", 1))]), c.G, e.Scalar(0))];
    }
}
