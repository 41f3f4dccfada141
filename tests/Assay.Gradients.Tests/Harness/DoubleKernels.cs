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
        ["Softplus"] = (e, n, x) => e.Named(n.Output[0], "Log", [e.Add(e.Scalar(1), e.Node("Exp", [x]))]),
        ["Erf"] = Erf,
        ["Elu"] = (e, n, x) => Negative(e, n, x, e.Mul(e.Scalar(n.Float("alpha", 1)), Expm1(e, x))),
        ["LeakyRelu"] = (e, n, x) => Negative(e, n, x, e.Mul(e.Scalar(n.Float("alpha", 0.01f)), x)),
        ["Clip"] = Clip,
        ["NonZero"] = (e, n, x) => e.Named(n.Output[0], "NonZero", [e.Cast(x, DataType.Bool)]),
        ["OneHot"] = OneHot,
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
        e.Named(n.Output[0], "Where", [e.Node("Less", [x, e.Scalar(0)]), left, x]);

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

    // erf x = 2x/√π · exp(−x²) · (1 + 2x²/3 (1 + 2x²/5 (1 + …)))  (Abramowitz and Stegun 7.1.6); all terms are positive.
    private static void Erf(Emitter e, NodeProto n, string x)
    {
        var square = e.Mul(x, x);
        var series = e.Scalar(1);
        for (var k = 50; k > 0; k--)
            series = e.Add(e.Scalar(1), e.Mul(e.Mul(square, e.Scalar(2.0 / (2 * k + 1))), series));
        var factor = e.Mul(e.Mul(x, e.Scalar(2 / Math.Sqrt(Math.PI))), e.Node("Exp", [e.Neg(square)]));
        e.Named(n.Output[0], "Mul", [factor, series]);
    }
}
