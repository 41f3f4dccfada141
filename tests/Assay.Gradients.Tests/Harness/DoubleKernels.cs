using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>
/// Operators for which ONNX Runtime has no float64 kernel, written out in operators for which it has one, from their
/// definitions in the ONNX specification.
/// </summary>
internal static class DoubleKernels
{
    private delegate void Definition(Emitter e, NodeProto n, string x);

    private static readonly Dictionary<string, Definition> Definitions = new()
    {
        ["Softplus"] = (e, n, x) => e.Named(n.Output[0], "Identity", [Softplus(e, x)]),
        ["Erf"] = (e, n, x) => e.Named(n.Output[0], "Identity", [Erf(e, x)]),
        ["Elu"] = (e, n, x) => Negative(e, n, x, e.Mul(e.Scalar(n.Float("alpha", 1)), Expm1(e, x))),
        ["LeakyRelu"] = (e, n, x) => Negative(e, n, x, e.Mul(e.Scalar(n.Float("alpha", 0.01f)), x)),
        ["Selu"] = (e, n, x) =>
            e.Named(
                n.Output[0],
                "Mul",
                [
                    e.Scalar(n.Float("gamma", 1.05070098f)),
                    Left(e, x, e.Mul(e.Scalar(n.Float("alpha", 1.67326319f)), Expm1(e, x))),
                ]
            ),
        ["Celu"] = (e, n, x) =>
        {
            var alpha = e.Scalar(n.Float("alpha", 1));
            Negative(e, n, x, e.Mul(alpha, Expm1(e, e.Div(x, alpha))));
        },
        ["Gelu"] = Gelu,
        ["Mish"] = (e, n, x) => e.Named(n.Output[0], "Mul", [x, e.Node("Tanh", [Softplus(e, x)])]),
        ["HardSigmoid"] = (e, n, x) =>
            Between(e, n, e.Add(e.Mul(x, e.Scalar(n.Float("alpha", 0.2f))), e.Scalar(n.Float("beta", 0.5f)))),
        ["HardSwish"] = (e, n, x) =>
            e.Named(
                n.Output[0],
                "Mul",
                [
                    x,
                    e.Node(
                        "Max",
                        [e.Scalar(0), e.Node("Min", [e.Scalar(1), e.Add(e.Div(x, e.Scalar(6)), e.Scalar(0.5))])]
                    ),
                ]
            ),
        ["Softsign"] = (e, n, x) => e.Named(n.Output[0], "Div", [x, e.Add(e.Scalar(1), e.Node("Abs", [x]))]),
        ["ThresholdedRelu"] = (e, n, x) =>
            e.Named(n.Output[0], "Where", [e.Node("Greater", [x, e.Scalar(n.Float("alpha", 1))]), x, e.Scalar(0)]),
        // Its kernel for doubles computes in floats.
        ["Shrink"] = (e, n, x) =>
            e.Named(
                n.Output[0],
                "Where",
                [
                    e.Node("Greater", [e.Node("Abs", [x]), e.Scalar(n.Float("lambd", 0.5f))]),
                    e.Sub(x, e.Mul(e.Node("Sign", [x]), e.Scalar(n.Float("bias", 0)))),
                    e.Scalar(0),
                ]
            ),
        ["Tan"] = (e, n, x) => e.Named(n.Output[0], "Div", [e.Node("Sin", [x]), e.Node("Cos", [x])]),
        ["Atan"] = (e, n, x) => e.Named(n.Output[0], "Identity", [Atan(e, x)]),
        ["Asin"] = (e, n, x) => e.Named(n.Output[0], "Identity", [Asin(e, x)]),
        ["Acos"] = (e, n, x) => e.Named(n.Output[0], "Sub", [e.Scalar(Math.PI / 2), Asin(e, x)]),
        ["Sinh"] = (e, n, x) => Hyperbolic(e, n, x, "Sub"),
        ["Cosh"] = (e, n, x) => Hyperbolic(e, n, x, "Add"),
        ["Asinh"] = (e, n, x) => InverseHyperbolic(e, n, x, 1),
        ["Acosh"] = (e, n, x) => InverseHyperbolic(e, n, x, -1),
        ["Atanh"] = (e, n, x) =>
            e.Named(
                n.Output[0],
                "Mul",
                [e.Scalar(0.5), e.Node("Log", [e.Div(e.Add(e.Scalar(1), x), e.Sub(e.Scalar(1), x))])]
            ),
        ["Conv"] = DoubleConvolutions.Conv,
        ["ConvTranspose"] = DoubleConvolutions.ConvTranspose,
        ["AveragePool"] = DoubleConvolutions.AveragePool,
        ["GlobalAveragePool"] = (e, n, x) =>
            e.Named(n.Output[0], "Identity", [e.Reduce("ReduceMean", x, [2], keepDims: true)]),
        ["GlobalMaxPool"] = (e, n, x) =>
            e.Named(n.Output[0], "Identity", [e.Reduce("ReduceMax", x, [2], keepDims: true)]),
        ["InstanceNormalization"] = InstanceNormalization,
        ["Clip"] = Clip,
        ["NonZero"] = (e, n, x) => e.Named(n.Output[0], "NonZero", [e.Cast(x, DataType.Bool)]),
        ["OneHot"] = OneHot,
        ["Hardmax"] = (e, n, x) =>
            e.Named(
                n.Output[0],
                "Cast",
                [e.Node("Hardmax", [e.Cast(x, DataType.Float)], ("axis", n.Int("axis", -1)))],
                ("to", (long)DataType.Double)
            ),
        ["PRelu"] = (e, n, x) => Negative(e, n, x, e.Mul(x, n.Input[1])),
        ["Mean"] = (e, n, _) => e.Named(n.Output[0], "Div", [e.Node("Sum", [.. n.Input]), e.Scalar(n.Input.Count)]),
    };

    /// <summary>A copy that computes the same with kernels that exist.</summary>
    public static OnnxModel Replace(OnnxModel model)
    {
        var copy = model.Clone();
        foreach (var node in copy.Graph.Nodes.ToArray())
            if (Definitions.TryGetValue(node.OpType, out var define))
            {
                copy.Graph.Remove(node);
                define(new Emitter(copy.Graph, copy.Opset, DataType.Double, "kernel"), node, node.Input[0]);
            }
        copy.Graph.SortTopologically();
        return copy;
    }

    private static string Expm1(Emitter e, string x) => e.Sub(e.Node("Exp", [x]), e.Scalar(1));

    private static void Negative(Emitter e, NodeProto n, string x, string left) =>
        e.Named(n.Output[0], "Identity", [Left(e, x, left)]);

    private static string Left(Emitter e, string x, string left) => e.Where(e.Node("Less", [x, e.Scalar(0)]), left, x);

    private static string Softplus(Emitter e, string x) => e.Node("Log", [e.Add(e.Scalar(1), e.Node("Exp", [x]))]);

    private static void Between(Emitter e, NodeProto n, string x) =>
        e.Named(n.Output[0], "Max", [e.Scalar(0), e.Node("Min", [e.Scalar(1), x])]);

    private static void Gelu(Emitter e, NodeProto n, string x)
    {
        var cube = e.Mul(x, e.Mul(x, x));
        var inner = e.Mul(e.Scalar(Math.Sqrt(2 / Math.PI)), e.Add(x, e.Mul(e.Scalar(0.044715), cube)));
        var gate =
            n.Text("approximate", "none") == "tanh"
                ? e.Node("Tanh", [inner])
                : Erf(e, e.Div(x, e.Scalar(Math.Sqrt(2))));
        e.Named(n.Output[0], "Mul", [e.Mul(e.Scalar(0.5), x), e.Add(e.Scalar(1), gate)]);
    }

    // Of rank 3.
    private static void InstanceNormalization(Emitter e, NodeProto n, string x)
    {
        var centred = e.Sub(x, e.Reduce("ReduceMean", x, [2], keepDims: true));
        var variance = e.Reduce("ReduceMean", e.Mul(centred, centred), [2], keepDims: true);
        var deviation = e.Node("Sqrt", [e.Add(variance, e.Scalar(n.Float("epsilon", 1e-5f)))]);
        var scaled = e.Mul(e.Div(centred, deviation), e.Unsqueeze(n.Input[1], 1));
        e.Named(n.Output[0], "Add", [scaled, e.Unsqueeze(n.Input[2], 1)]);
    }

    private static void Clip(Emitter e, NodeProto n, string x)
    {
        var above = n.InputAt(1).Length > 0 ? e.Node("Max", [x, n.Input[1]]) : x;
        e.Named(n.Output[0], "Min", n.InputAt(2).Length > 0 ? [above, n.Input[2]] : [above]);
    }

    private static void OneHot(Emitter e, NodeProto n, string x)
    {
        var axis = ("axis", (object)n.Int("axis", -1));
        var narrow = e.Node("OneHot", [x, n.Input[1], e.Cast(n.Input[2], DataType.Float)], axis);
        e.Named(n.Output[0], "Cast", [narrow], ("to", (long)DataType.Double));
    }

    private static void Hyperbolic(Emitter e, NodeProto n, string x, string op)
    {
        var both = e.Node(op, [e.Node("Exp", [x]), e.Node("Exp", [e.Neg(x)])]);
        e.Named(n.Output[0], "Mul", [e.Scalar(0.5), both]);
    }

    private static void InverseHyperbolic(Emitter e, NodeProto n, string x, double sign)
    {
        var root = e.Node("Sqrt", [e.Add(e.Mul(x, x), e.Scalar(sign))]);
        e.Named(n.Output[0], "Log", [e.Add(x, root)]);
    }

    private static string Asin(Emitter e, string x) =>
        Atan(e, e.Div(x, e.Node("Sqrt", [e.Sub(e.Scalar(1), e.Mul(x, x))])));

    // atan x = 2 atan(x / (1 + √(1 + x²))) twice, then x − x³/3 + x⁵/5 − ….
    private static string Atan(Emitter e, string x)
    {
        for (var i = 0; i < 2; i++)
            x = e.Div(x, e.Add(e.Scalar(1), e.Node("Sqrt", [e.Add(e.Scalar(1), e.Mul(x, x))])));
        var square = e.Mul(x, x);
        var series = e.Scalar(0);
        for (var k = 40; k >= 0; k--)
            series = e.Sub(e.Scalar(1.0 / (2 * k + 1)), e.Mul(square, series));
        return e.Mul(e.Scalar(4), e.Mul(x, series));
    }

    // erf x = 2x/√π · exp(−x²) · (1 + 2x²/3 (1 + 2x²/5 (1 + …)))  (Abramowitz and Stegun 7.1.6); all terms are positive.
    private static string Erf(Emitter e, string x)
    {
        var square = e.Mul(x, x);
        var series = e.Scalar(1);
        for (var k = 50; k > 0; k--)
            series = e.Add(e.Scalar(1), e.Mul(e.Mul(square, e.Scalar(2.0 / (2 * k + 1))), series));
        var factor = e.Mul(e.Mul(x, e.Scalar(2 / Math.Sqrt(Math.PI))), e.Node("Exp", [e.Neg(square)]));
        return e.Mul(factor, series);
    }
}
