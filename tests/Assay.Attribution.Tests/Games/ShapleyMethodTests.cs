using Assay.Attribution.Tests.Reference;
using Assay.Onnx;
using Assay.Tests;
using Shouldly;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Games;

/// <summary>The methods on models: closed forms, budgets, references.</summary>
public class ShapleyMethodTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => RealCase.Models;

    public static TheoryData<string> Sampled =>
        [
            .. MethodRegistry
                .All.Where(m => m is { Sampled: true, PerRow: true, Complete: true, NeedsGradient: false })
                .Select(m => m.Id),
        ];

    /// <summary>All 16 coalitions of the four groups, computed by the reference in float64.</summary>
    [Theory, MemberData(nameof(Models))]
    public void Groups_of_the_real_models_agree(string model)
    {
        var real = ReferenceCase.Open(model);
        if (!real.Has("shapley_groups"))
            Assert.Skip($"The reference of {model} has no shapley_groups.");
        var (names, expected) = real.Method("shapley_groups");
        var settings = new ExplainSettings { Method = "shapley", Baseline = Baseline.Rows(real.Replacement()) };
        using var explainer = Explainer.Open(real.Model, real.Groups(names), settings);
        var result = explainer.Explain(real.Rows);
        var worst = 0.0;
        for (var r = 0; r < expected.Length; r++)
        for (var f = 0; f < names.Length; f++)
            worst = Math.Max(
                worst,
                Math.Abs(result.Attributions[r * names.Length + f] - expected[r][f]) / expected[r].Max(Math.Abs)
            );
        output.WriteLine($"{model}: worst {worst:e1}");
        worst.ShouldBeLessThan(1e-3);
        result.Evaluations!.ShouldAllBe(e => e == 16);
    }

    [Theory, MemberData(nameof(Sampled))]
    public void A_budget_too_small_is_a_usage_error_that_names_the_least(string method)
    {
        var (model, rows) = Wide(14, 2);
        using var explainer = Open(model, method, 10);
        var error = Should.Throw<AssayException>(() => explainer.Explain(rows));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain(method == "regression-msr" ? "at least 42" : "at least 28");
    }

    [Theory, MemberData(nameof(Sampled))]
    public void Rows_have_draws_of_their_own_and_spend_no_more_than_the_budget(string method)
    {
        var (model, rows) = Wide(14, 6);
        using var explainer = Open(model, method, 301);
        var all = explainer.Explain(rows);
        all.Evaluations!.ShouldAllBe(e => e <= 301 && e > 250);
        for (var r = 0; r < 6; r++)
        {
            var one = explainer.Explain(
                new Dictionary<string, TensorData>
                {
                    ["x"] = TensorData.From(rows["x"].Span<float>().Slice(14 * r, 14).ToArray(), 1, 14),
                }
            );
            one.Attributions.ShouldBe(all.Attributions[(14 * r)..(14 * (r + 1))]);
            one.StandardErrors.ShouldBe(all.StandardErrors![(14 * r)..(14 * (r + 1))]);
        }
    }

    /// <summary>Correlated rows behind a linear model: φᵢ = wᵢ(xᵢ − mean of the background), interventional.</summary>
    [Theory, MemberData(nameof(Sampled))]
    public void A_linear_model_over_a_background_is_compared_with_its_mean(string method)
    {
        var weights = Enumerable.Range(0, 14).Select(i => (float)Math.Sin(i)).ToArray();
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 14)
            .Tensor("w", TensorData.From(weights, 14, 1))
            .Node("MatMul x w -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var background = new float[3 * 14];
        for (var b = 0; b < 3; b++)
        for (var i = 0; i < 14; i++)
            background[b * 14 + i] = b + 0.1f * (i % 2);
        var (_, rows) = Wide(14, 2);
        var settings = new ExplainSettings
        {
            Method = method,
            Budget = 3 * 8 * 14,
            Background = new Dictionary<string, TensorData> { ["x"] = TensorData.From(background, 3, 14) },
        };
        using var explainer = Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
        var result = explainer.Explain(rows);
        for (var r = 0; r < 2; r++)
        for (var i = 0; i < 14; i++)
        {
            var mean = 1 + 0.1f * (i % 2);
            result.Attributions[r * 14 + i].ShouldBe(weights[i] * (rows["x"].Span<float>()[r * 14 + i] - mean), 1e-5);
        }
        result.Evaluations!.ShouldAllBe(e => e % 3 == 0 && e <= 3 * 8 * 14);
    }

    private static Explainer Open(OnnxModel model, string method, int budget) =>
        Explainer.Open(model, FeatureSlot.FromInputs(model), new ExplainSettings { Method = method, Budget = budget });

    /// <summary>relu(x A) · c with features that all interact.</summary>
    private static (OnnxModel Model, Dictionary<string, TensorData> Rows) Wide(int features, int rows)
    {
        var hidden = 6;
        var a = Enumerable.Range(0, features * hidden).Select(i => (float)Math.Sin(1.7 * i)).ToArray();
        var c = Enumerable.Range(0, hidden).Select(i => (float)Math.Cos(i)).ToArray();
        var x = Enumerable.Range(0, features * rows).Select(i => (float)Math.Sin(0.3 * i * i)).ToArray();
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", features)
            .Tensor("a", TensorData.From(a, features, hidden))
            .Tensor("c", TensorData.From(c, hidden, 1))
            .Node("MatMul x a -> u")
            .Node("Relu u -> h")
            .Node("MatMul h c -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        return (model, new() { ["x"] = TensorData.From(x, rows, features) });
    }
}
