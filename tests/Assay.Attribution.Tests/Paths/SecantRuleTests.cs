using Assay.Attribution.Graphs;
using Assay.Gradients.Secants;
using Assay.Onnx;
using Assay.Tests;
using CsCheck;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Paths;

/// <summary>
/// Each rule of slopes by itself: shares sum to f(x) − f(b) up to rounding for intervals of any length, points among
/// them, and tend to the integral.
/// </summary>
public sealed class SecantRuleTests
{
    // u = x·W + c and v are affine on the path; p = u² + ½ is not, and positive.
    private static readonly string[] Forms =
    [
        "Relu u -> y",
        "LeakyRelu u -> y alpha=0.2",
        "PRelu u slope -> y",
        "Abs u -> y",
        "Max u v -> y",
        "Min u v -> y",
        "Max u half -> y",
        "Exp u -> y",
        "Log p -> y",
        "Sqrt p -> y",
        "Reciprocal p -> y",
        "Pow p third -> y",
        "Pow u two -> y",
        "Div u p -> y",
        "Div half p -> y",
        "Mul u v -> y",
        "Sigmoid u -> y",
        "Tanh u -> y",
        "Softplus u -> y",
        "Softsign u -> y",
        "Erf u -> y",
        "Gelu u -> y",
        "Mish u -> y",
        "Sin u -> y",
        "Cos u -> y",
        "Atan u -> y",
        "Elu u -> y",
        "Selu u -> y",
        "Celu u -> y",
        "Clip u low half -> y",
        "HardSigmoid u -> y",
        "HardSwish u -> y",
        "Softmax u -> y",
        "LogSoftmax u -> y",
        "ReduceLogSumExp u axes -> y",
        "ReduceL2 u axes -> y",
        "ReduceSumSquare u axes -> y",
        "LayerNormalization u scale bias -> y",
        "LpNormalization u -> y",
        "ReduceL1 u axes -> y",
        "ReduceMax u axes -> y",
        "ReduceMin u axes -> y",
        "ReduceProd u axes -> y",
        "GlobalMaxPool deep -> y",
        "Einsum u v -> y",
        "Einsum u v p -> y",
        "Sinh u -> y",
        "Cosh u -> y",
        "Asinh u -> y",
    ];

    // Ends that coincide, lie very near, and on either side of a kink.
    private static readonly float[] Values = [0, 1e-6f, 1e-3f, -0.3f, 0.5f, 1, -2, 3];

    public static TheoryData<string> Rules => [.. Forms];

    [Theory, MemberData(nameof(Rules))]
    public void Shares_sum_to_the_change_and_tend_to_the_integral(string form)
    {
        var model = Model(form);
        var (explained, rounding) = Open(model);
        using var _ = explained;
        Gen.Int[0, Values.Length - 1]
            .Select(i => Values[i])
            .Array[12]
            .Sample(
                values =>
                {
                    var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From(values, 3, 4) };
                    double[] Path(string rule, int n) =>
                        explained.PathIntegral(rows, PathRule.Of(rule, n)).Attributions;
                    var nodes = Path(PathRule.GaussLegendreName, 512);
                    var scale = 1 + nodes.Max(Math.Abs);
                    foreach (var n in new[] { 1, 3 })
                        explained
                            .PathIntegral(rows, PathRule.Of(PathRule.SecantName, n))
                            .CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < rounding * scale);
                    // A kink costs the nodes about 1/512 of its jump and the intervals 1/128²; where the function turns
                    // within less than an interval (a normalisation of nearly equal values) shorter ones are needed.
                    var worst = 0.0;
                    foreach (var n in new[] { 128, 512, 2048 })
                    {
                        worst = Path(PathRule.SecantName, n).Zip(nodes, (s, g) => Math.Abs(s - g)).Max() / scale;
                        if (worst < 1e-2)
                            break;
                    }
                    worst.ShouldBeLessThan(1e-2, form);
                },
                iter: 20
            );
    }

    // In single precision where ONNX Runtime has no kernel for doubles. Slopes over intervals shorter than ε^⅓ are
    // derivatives half way, good to about ε in all, or for kinks to √ε/32.
    private static (ExplainedModel Model, double Rounding) Open(OnnxModel model)
    {
        var settings = new ExplainSettings { Method = "integrated-gradients", Float64 = true };
        try
        {
            return (new(model, FeatureSlot.FromInputs(model), settings), 1e-9);
        }
        catch (AssayException e) when (e.Message.Contains("double precision", StringComparison.Ordinal))
        {
            return (new(model, FeatureSlot.FromInputs(model), settings with { Float64 = false }), 5e-5);
        }
    }

    [Fact]
    public void Every_rule_that_is_not_linear_is_tested()
    {
        var linear = new[] { "MatMul", "Gemm", "Conv", "ConvTranspose", "ThresholdedRelu", "Shrink", "Swish" };
        SecantRules
            .All.Where(r => !r.IsLinear)
            .Select(r => r.Operator)
            .Except(Forms.Select(f => f.Split(' ')[0]))
            // Products of matrices are in the exports; jumps and what ONNX Runtime lacks in double precision are not tested.
            .ShouldBe(linear, ignoreOrder: true);
    }

    private static OnnxModel Model(string form)
    {
        string[] at = form.Split(" alpha=");
        var small = new SmallModel(20)
            .Input("x", DataType.Float, "batch", 4)
            .Tensor(
                "w",
                TensorData.From<float>(
                    [.5f, -1, .25f, 1, 1, .5f, -.75f, .3f, -.2f, .8f, 1, -1, .6f, .1f, -.4f, .9f],
                    4,
                    4
                )
            )
            .Tensor(
                "m",
                TensorData.From<float>(
                    [-.5f, .7f, .2f, .1f, .3f, -.6f, .4f, 1, .9f, .2f, -.3f, .5f, -.8f, .6f, .7f, .2f],
                    4,
                    4
                )
            )
            .Tensor("c", TensorData.From<float>([.3f, -.2f, .1f, .4f], 4))
            .Tensor("slope", TensorData.From<float>([.1f, .2f, .3f, .4f], 4))
            .Tensor("scale", TensorData.From<float>([1, .5f, -1, 2], 4))
            .Tensor("bias", TensorData.From<float>([.1f, .2f, .3f, .4f], 4))
            .Tensor("half", TensorData.Scalar(.5f))
            .Tensor("low", TensorData.Scalar(-.4f))
            .Tensor("two", TensorData.Scalar(2f))
            .Tensor("third", TensorData.Scalar(1.7f))
            .Tensor("axes", TensorData.Int64s(1))
            .Tensor("last", TensorData.Int64s(-1))
            .Tensor("weights", TensorData.From<float>([1, -.5f, 2, .7f], 4))
            .Node("MatMul x w -> a")
            .Node("Add a c -> u")
            .Node("MatMul x m -> v")
            .Node("Mul u u -> q")
            .Node("Add q half -> p");
        if (form.Contains("deep", StringComparison.Ordinal))
            small = small.Node("Unsqueeze u axes -> deep");
        if (at[0].StartsWith("Einsum", StringComparison.Ordinal))
            return small
                .Node(at[0], ("equation", at[0].Contains(" p ", StringComparison.Ordinal) ? "bi,bj,bj->b" : "bi,bj->b"))
                .Node("Identity y -> logit")
                .Output("logit", DataType.Float, "batch")
                .Load();
        if (form.Contains("deep", StringComparison.Ordinal))
            return small
                .Node(at[0])
                .Tensor("all", TensorData.Int64s(1, 2))
                .Node("Squeeze y all -> logit")
                .Output("logit", DataType.Float, "batch")
                .Load();
        small = at.Length > 1 ? small.Node(at[0], ("alpha", 0.2f)) : small.Node(at[0]);
        return small
            .Node("Mul y weights -> z")
            .Node("ReduceSum z last -> logit", ("keepdims", 0L))
            .Output("logit", DataType.Float, "batch")
            .Load();
    }
}
