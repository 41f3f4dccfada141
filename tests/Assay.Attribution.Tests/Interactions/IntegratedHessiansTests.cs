using Assay.Attribution.Interactions;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>Integrated Hessians against functions whose integrals are known.</summary>
public sealed class IntegratedHessiansTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(200)]
    public void The_quadrature_is_exact_to_degree_2n_minus_1(int n)
    {
        // ∫₀¹ −ln t · tᵏ dt = 1 / (k + 1)².
        var (nodes, weights) = LogWeightRule.Of(n);
        nodes.ShouldAllBe(t => t > 0 && t < 1);
        for (var k = 0; k < Math.Min(2 * n, 80); k++)
            nodes
                .Zip(weights, (t, w) => w * Math.Pow(t, k))
                .Sum()
                .ShouldBe(1.0 / ((k + 1) * (k + 1)), 1e-13, $"n {n}, degree {k}");
        // Stroud and Secrest 1966, table 7: n = 2.
        if (n == 2)
        {
            nodes.ShouldBe([0.112008806166976, 0.602276908118738], 1e-13);
            weights.ShouldBe([0.718539319030384, 0.281460680969616], 1e-13);
        }
    }

    // Of xᵢxⱼ from 0, half goes to the pair and a quarter to each: 2Γᵢⱼ = ½, Γᵢᵢ = ¼; of xᵢ² all to Γᵢᵢ; of xᵢ too.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_quadratic_form_is_exact_with_one_node(bool float64)
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("w", TensorData.From<float>([0.5f, 2, 0, 0, -1, 3, 0, 0, 0], 3, 3))
            .Tensor("l", TensorData.From<float>([1, -2, 4], 3, 1))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("MatMul x w -> m")
            .Node("Mul m x -> p")
            .Node("ReduceSum p axis -> q")
            .Node("MatMul x l -> f")
            .Node("Add q f -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        double[] x = [1.5, -2, 0.7];
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From([.. x.Select(v => (float)v)], 1, 3) };
        var result = Explain(
            model,
            rows,
            new()
            {
                Steps = 1,
                Float64 = float64,
                Method = "integrated-hessians",
            }
        );
        var (q01, q12) = (2 * x[0] * x[1], 3 * x[1] * x[2]);
        result.Values.ShouldBe(
            [
                0.5 * x[0] * x[0] + x[0] + q01 / 4,
                -x[1] * x[1] - 2 * x[1] + q01 / 4 + q12 / 4,
                4 * x[2] + q12 / 4,
                q01 / 2,
                0,
                q12 / 2,
            ],
            1e-5
        );
        result.CompletenessGap!.Single().ShouldBe(0, 1e-5);
    }

    // f = σ(w·x): all derivatives depend on u = w·x alone, so Γᵢⱼ = dᵢdⱼ ∫ −t ln t σ″(tu) dt and, on the diagonal,
    // dᵢ ∫ −ln t σ′(tu) dt more, d = w∘x; integrated here by the midpoint rule.
    [Fact]
    public void A_sigmoid_of_a_sum_agrees_with_its_integral()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("w", TensorData.From<float>([1.2f, -0.7f], 2, 1))
            .Node("MatMul x w -> u")
            .Node("Tanh u -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([2, 0.5f], 1, 2) };
        var result = Explain(model, rows, new() { Method = "integrated-hessians" });
        double[] d = [2 * 1.2f, 0.5 * -0.7f];
        var u = d.Sum();
        const int N = 200_000;
        double second = 0,
            first = 0;
        for (var i = 0; i < N; i++)
        {
            var t = (i + 0.5) / N;
            var tanh = Math.Tanh(t * u);
            first += -Math.Log(t) * (1 - tanh * tanh) / N;
            second += -t * Math.Log(t) * -2 * tanh * (1 - tanh * tanh) / N;
        }
        result.Values.ShouldBe(
            [d[0] * d[0] * second + d[0] * first, d[1] * d[1] * second + d[1] * first, 2 * d[0] * d[1] * second],
            1e-5
        );
    }

    // PRelu with slope s is s·x + (1 − s)·ReLU, so its interactions are 1 − s times those of the ReLU.
    [Fact]
    public void Leaky_kinks_interact_as_much_less_as_they_leak()
    {
        double Pair(string node, params (string, object)[] attributes)
        {
            var model = new SmallModel()
                .Input("x", DataType.Float, "batch", 2)
                .Tensor("w", TensorData.From<float>([1, -0.5f], 2, 1))
                .Tensor("b", TensorData.From<float>([-0.2f], 1))
                .Tensor("s", TensorData.From<float>([0.25f], 1))
                .Node("Gemm x w b -> u")
                .Node(node, attributes)
                .Output("logit", DataType.Float, "batch", 1)
                .Load();
            var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([2, 0.5f], 1, 2) };
            return Explain(model, rows, new() { Method = "integrated-hessians", Steps = 100 }).Values[2];
        }
        var relu = Pair("Relu u -> logit");
        Math.Abs(relu).ShouldBeGreaterThan(0.01);
        Pair("PRelu u s -> logit").ShouldBe(0.75 * relu, 1e-5);
        Pair("LeakyRelu u -> logit", ("alpha", 0.25f)).ShouldBe(0.75 * relu, 1e-5);
    }

    // Softplus is within ln 2 / β of the ReLU, so the gap of a sharper one is smaller.
    [Fact]
    public void Kinks_are_smoothed_and_the_gap_says_how_much_that_costs()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("w", TensorData.From<float>([1, -0.5f, -1, 1], 2, 2))
            .Tensor("o", TensorData.From<float>([1, 1], 2, 1))
            .Node("MatMul x w -> u")
            .Node("Relu u -> r")
            .Node("MatMul r o -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([2, 0.5f], 1, 2) };
        double Gap(double sharpness) =>
            Explain(model, rows, new() { Method = "integrated-hessians", Steps = 200 }, sharpness)
                .CompletenessGap!.Max(Math.Abs);
        // Both units are at 0 at the baseline: there each is ln 2 / β too high.
        Gap(10).ShouldBe(2 * Math.Log(2) / 10, 0.01);
        Gap(40).ShouldBe(2 * Math.Log(2) / 40, 0.01);
    }

    private static RowInteractions Explain(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        ExplainSettings settings,
        double sharpness = 10
    )
    {
        using var explainer = InteractionExplainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new InteractionSettings { Explain = settings, Sharpness = sharpness }
        );
        return explainer.Explain(rows);
    }
}
