using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Layers;

/// <summary>Layer methods against closed forms, and against one another where one must be the sum of another.</summary>
public sealed class LayerMethodTests
{
    public static TheoryData<string> Rules => ["secant", "gauss-legendre"];

    /// <summary>h = (x, x²), f = h₀·h₁ = x³; from the baseline 0 every layer integral has a closed form.</summary>
    private static OnnxModel Cubic() =>
        new SmallModel()
            .Input("x", DataType.Double, "batch", 1)
            .Tensor("first", TensorData.Int64s(0))
            .Tensor("second", TensorData.Int64s(1))
            .Node("Mul x x -> square")
            .Node("Concat x square -> h", ("axis", 1L))
            .Node("Gather h first -> a", ("axis", 1L))
            .Node("Gather h second -> b", ("axis", 1L))
            .Node("Mul a b -> f")
            .Output("f", DataType.Double, "batch", 1)
            .Load();

    [Theory, MemberData(nameof(Rules))]
    public void Closed_forms_of_a_cubic(string rule)
    {
        double[] x = [0.5, -1, 2, 3, -0.1, 1, 0.25, 4];
        double[] Run(string method, string layer) =>
            Explain(Cubic(), method, layer, rule, 1024, new() { ["x"] = TensorData.From(x, 8, 1) }).Attributions;
        var tolerance = rule == "secant" ? 1e-4 : 1e-10;
        // ∂f/∂h = (α²x², αx), dh/dα = (x, 2αx²).
        Run("layer-conductance", "h")
            .ShouldBe([.. x.SelectMany(v => new[] { v * v * v / 3, 2 * v * v * v / 3 })], tolerance * 64);
        Run("internal-influence", "h").ShouldBe([.. x.SelectMany(v => new[] { v * v / 3, v / 2 })], tolerance * 16);
        // h moves along a line of its own: ∂f/∂h = (αx², αx).
        Run("layer-integrated-gradients", "h")
            .ShouldBe([.. x.SelectMany(v => new[] { v * v * v / 2, v * v * v / 2 })], tolerance * 64);
        Run("layer-gradient-times-activation", "h")
            .ShouldBe([.. x.SelectMany(v => new[] { v * v * v, v * v * v })], 1e-12);
        Run("neuron-conductance", "h[1]").ShouldBe([.. x.Select(v => 2 * v * v * v / 3)], tolerance * 64);
        Run("neuron-integrated-gradients", "h[1]").ShouldBe([.. x.Select(v => v * v)], tolerance * 16);
        Run("neuron-gradient", "h[1]").ShouldBe([.. x.Select(v => 2 * v)], 1e-12);
    }

    /// <summary>Embeddings and numbers, joined; two ReLU layers and a sigmoid unit; all that the logit depends on passes each.</summary>
    private static OnnxModel Network()
    {
        var random = new Statistics.CounterRandom(7, "weights");
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        return new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Input("id", DataType.Int64, "batch", 2)
            .Tensor("E", TensorData.From(Weights(8), 4, 2))
            .Tensor("one", TensorData.From<float>([1], 1))
            .Tensor("w1", TensorData.From(Weights(42), 7, 6))
            .Tensor("b1", TensorData.From(Weights(6), 6))
            .Tensor("w2", TensorData.From(Weights(24), 6, 4))
            .Tensor("w3", TensorData.From(Weights(4), 4, 1))
            .Node("Gather E id -> e")
            .Node("Flatten e -> f")
            .Node("Mul x x -> square")
            .Node("Add square one -> positive")
            .Node("Log positive -> scaled")
            .Node("Concat f scaled -> joined", ("axis", 1L))
            .Node("Gemm joined w1 b1 -> pre")
            .Node("Relu pre -> hidden")
            .Node("MatMul hidden w2 -> second")
            .Node("Sigmoid second -> gates")
            .Node("Mul second gates -> gated")
            .Node("MatMul gated w3 -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
    }

    private static Dictionary<string, TensorData> NetworkRows() =>
        new()
        {
            ["x"] = TensorData.From<float>([.. Enumerable.Range(0, 24).Select(i => i % 7 / 3f - 1)], 8, 3),
            ["id"] = TensorData.From<long>([.. Enumerable.Range(0, 16).Select(i => i * i % 4L)], 8, 2),
        };

    [Theory]
    [InlineData("e")]
    [InlineData("joined")]
    [InlineData("pre")]
    [InlineData("hidden")]
    [InlineData("second")]
    [InlineData("gated")]
    [InlineData("logit")]
    public void Conductance_shares_the_whole_difference_where_everything_passes_the_layer(string layer)
    {
        var result = Explain(Network(), "layer-conductance", layer, "secant", 3, NetworkRows());
        var units = result.Attributions.Length / result.Rows;
        for (var r = 0; r < result.Rows; r++)
        {
            var sum = Enumerable.Range(0, units).Sum(u => result.Attributions[r * units + u]);
            // What passes the lookups is not all: numbers enter beside them.
            if (layer != "e")
                sum.ShouldBe(result.Target[r] - result.BaselineTarget[r], 1e-5, $"row {r}");
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void Neuron_conductances_sum_to_the_conductance_of_their_unit_and_to_integrated_gradients(string rule)
    {
        var conductance = Explain(Network(), "layer-conductance", "hidden", rule, 16, NetworkRows()).Attributions;
        var whole = Explain(Network(), "integrated-gradients", null, rule, 16, NetworkRows()).Attributions;
        var sums = new double[whole.Length];
        for (var unit = 0; unit < 6; unit++)
        {
            var through = Explain(Network(), "neuron-conductance", $"hidden[{unit}]", rule, 16, NetworkRows());
            for (var r = 0; r < 8; r++)
            {
                through.Attributions[(r * 5)..((r + 1) * 5)].Sum().ShouldBe(conductance[r * 6 + unit], 2e-5);
                for (var f = 0; f < 5; f++)
                    sums[r * 5 + f] += through.Attributions[r * 5 + f];
            }
        }
        sums.ShouldBe(whole, 2e-5);
    }

    [Theory]
    [InlineData("layer-conductance", "hidden")]
    [InlineData("internal-influence", "hidden")]
    [InlineData("layer-integrated-gradients", "hidden")]
    [InlineData("neuron-conductance", "gated[2]")]
    public void Slopes_and_nodes_tend_to_the_same_integral(string method, string layer)
    {
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(NetworkRows()), Baseline.Rows(NetworkRows()) })
        {
            var slopes = Explain(Network(), method, layer, "secant", 512, NetworkRows(), baseline).Attributions;
            var nodes = Explain(Network(), method, layer, "gauss-legendre", 512, NetworkRows(), baseline).Attributions;
            // A kink costs nodes 1/n.
            slopes.ShouldBe(nodes, 4e-3 * Math.Max(1e-3, nodes.Max(Math.Abs)));
        }
    }

    [Fact]
    public void Layer_integrated_gradients_share_what_replacing_the_layer_changes()
    {
        // Beside 'hidden' nothing leads to the logit, so its baseline value gives the logit at the baseline.
        var result = Explain(Network(), "layer-integrated-gradients", "hidden", "secant", 4, NetworkRows());
        for (var r = 0; r < 8; r++)
            result
                .Attributions[(r * 6)..((r + 1) * 6)]
                .Sum()
                .ShouldBe(result.Target[r] - result.BaselineTarget[r], 1e-5);
    }

    [Theory]
    [InlineData("layer-conductance", "hiden", "'hidden'")]
    [InlineData("layer-conductance", "w1", "is no layer")]
    [InlineData("layer-conductance", "id", "is no layer")]
    [InlineData("layer-conductance", "hidden[2]", "all units")]
    [InlineData("neuron-gradient", "hidden", "hidden[k]")]
    [InlineData("neuron-gradient", "hidden[6]", "6 units")]
    [InlineData("layer-conductance", null, "needs a layer")]
    [InlineData("saliency", "hidden", "takes no layer")]
    public void Wrong_layers_are_usage_errors_that_say_what_is_near(string method, string? layer, string says)
    {
        var error = Should.Throw<AssayException>(() => Explain(Network(), method, layer, "auto", 4, NetworkRows()));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain(says);
    }

    [Fact]
    public void Units_are_named_by_their_numbers_and_a_row_gets_the_same_bits_in_any_company()
    {
        foreach (var method in MethodRegistry.OfLayers)
        {
            var units = MethodRegistry.Get(method).Layer == LayerUse.Units;
            using var explainer = Open(Network(), method, units ? "hidden" : "hidden[1]", "auto", 8, Baseline.Zero);
            explainer.Features.ShouldBe(
                units ? ["0", "1", "2", "3", "4", "5"] : ["x[0]", "x[1]", "x[2]", "id[0]", "id[1]"]
            );
            var rows = NetworkRows();
            var all = explainer.Explain(rows).Attributions;
            var width = explainer.Features.Count;
            all.Length.ShouldBe(8 * width);
            for (var r = 0; r < 8; r++)
            {
                var one = new Dictionary<string, TensorData>
                {
                    ["x"] = TensorData.From(rows["x"].Span<float>().Slice(r * 3, 3).ToArray(), 1, 3),
                    ["id"] = TensorData.From(rows["id"].Span<long>().Slice(r * 2, 2).ToArray(), 1, 2),
                };
                explainer.Explain(one).Attributions.ShouldBe(all[(r * width)..((r + 1) * width)], method);
            }
        }
    }

    private static Explanation Explain(
        OnnxModel model,
        string method,
        string? layer,
        string rule,
        int steps,
        Dictionary<string, TensorData> rows,
        Baseline? baseline = null
    )
    {
        using var explainer = Open(model, method, layer, rule, steps, baseline ?? Baseline.Zero);
        return explainer.Explain(rows);
    }

    private static Explainer Open(
        OnnxModel model,
        string method,
        string? layer,
        string rule,
        int steps,
        Baseline baseline
    ) =>
        Explainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings
            {
                Method = method,
                Layer = layer,
                Rule = rule,
                Steps = steps,
                Baseline = baseline,
            }
        );
}
