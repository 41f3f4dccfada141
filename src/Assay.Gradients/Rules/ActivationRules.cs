using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Rules;

/// <summary>Activation functions.</summary>
internal static class ActivationRules
{
    public static readonly GradientRule[] Rows =
    [
        new("Relu", c => [c.Emit.Where(NotZero(c, c.Y), c.G, c.Emit.Scalar(0))], Note: "0 at the kink"),
        new("LeakyRelu", c => Leaky(c, c.Emit.Scalar(c.Node.Float("alpha", 0.01f))), Note: "the slope at the kink"),
        new("PRelu", PRelu, Broadcasts: true, Note: "the slope at the kink"),
        new("Elu", Elu, Note: "1 at the kink when alpha is 1"),
        new("Selu", Selu, Note: "the left slope at the kink"),
        new("Celu", Celu, Since: 12),
        new("Sigmoid", c => [c.Emit.Mul(c.G, c.Emit.Mul(c.Y, OneMinus(c, c.Y)))]),
        new("Tanh", c => [c.Emit.Mul(c.G, OneMinus(c, c.Emit.Mul(c.Y, c.Y)))]),
        new("Softplus", c => [c.Emit.Mul(c.G, c.Emit.Node("Sigmoid", [c.X]))]),
        new("Erf", Erf),
        new("Softmax", c => Softmax(c, logarithmic: false), Since: OperatorForms.SoftmaxAlongAxisSince),
        new("LogSoftmax", c => Softmax(c, logarithmic: true), Since: OperatorForms.SoftmaxAlongAxisSince),
        new("Dropout", Dropout, Note: "inference: the identity"),
    ];

    private static string Positive(RuleContext c, string value) => c.Emit.Node("Greater", [value, c.Emit.Scalar(0)]);

    // Of what is never negative that is Positive, and cheaper.
    private static string NotZero(RuleContext c, string value) => c.Emit.Cast(value, DataType.Bool);

    private static string OneMinus(RuleContext c, string value) => c.Emit.Sub(c.Emit.Scalar(1), value);

    private static string?[] Leaky(RuleContext c, string slope) =>
        [c.Emit.Where(Positive(c, c.X), c.G, c.Emit.Mul(c.G, slope))];

    private static string?[] PRelu(RuleContext c)
    {
        var (e, slope) = (c.Emit, c.Input(1));
        var negativePart = c.Needs(1) ? e.Mul(c.G, e.Sub(c.X, e.Node("Relu", [c.X]))) : null;
        return [c.Needs(0) ? Leaky(c, slope)[0] : null, negativePart];
    }

    // y + alpha = alpha·exp(x) left of the kink.
    private static string?[] Elu(RuleContext c)
    {
        var e = c.Emit;
        var left = e.Add(c.Y, e.Scalar(c.Node.Float("alpha", 1)));
        return [e.Where(Positive(c, c.X), c.G, e.Mul(c.G, left))];
    }

    // y + gamma·alpha = gamma·alpha·exp(x) left of the kink.
    private static string?[] Selu(RuleContext c)
    {
        var e = c.Emit;
        var gamma = c.Node.Float("gamma", 1.05070098f);
        var left = e.Add(c.Y, e.Scalar((double)gamma * c.Node.Float("alpha", 1.67326319f)));
        return [e.Mul(c.G, e.Where(Positive(c, c.X), e.Scalar(gamma), left))];
    }

    // y/alpha + 1 = exp(x/alpha) left of 0.
    private static string?[] Celu(RuleContext c)
    {
        var e = c.Emit;
        var left = e.Add(e.Div(c.Y, e.Scalar(c.Node.Float("alpha", 1))), e.Scalar(1));
        return [e.Where(Positive(c, c.X), c.G, e.Mul(c.G, left))];
    }

    private static string?[] Dropout(RuleContext c)
    {
        if (c.Input(2).Length > 0 && c.Constant(c.Input(2))?.ToDoubles() is not [0])
            throw c.Unsupported("it is, or may be, in training mode; export the model in evaluation mode");
        return [c.G];
    }

    private static string?[] Erf(RuleContext c)
    {
        var e = c.Emit;
        var bell = e.Node("Exp", [e.Neg(e.Mul(c.X, c.X))]);
        return [e.Mul(c.G, e.Mul(bell, e.Scalar(2 / Math.Sqrt(Math.PI))))];
    }

    // Softmax: (g − Σ g·y)·y.  Log-softmax: g − exp(y)·Σ g.
    private static string?[] Softmax(RuleContext c, bool logarithmic)
    {
        var e = c.Emit;
        var axis = c.Node.Int("axis", -1);
        if (logarithmic)
            return [e.Sub(c.G, e.Mul(e.Node("Exp", [c.Y]), e.ReduceSum(c.G, [axis], keepDims: true)))];
        var mean = e.ReduceSum(e.Mul(c.G, c.Y), [axis], keepDims: true);
        return [e.Mul(e.Sub(c.G, mean), c.Y)];
    }
}
