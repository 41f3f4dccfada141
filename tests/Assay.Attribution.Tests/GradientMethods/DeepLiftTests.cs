using Assay.Attribution.Tests.Exports;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Tests;

namespace Assay.Attribution.Tests.GradientMethods;

/// <summary>DeepLIFT by the rescale rule and its average over a background, against what is known on paper.</summary>
public sealed class DeepLiftTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => RealCase.Models;

    private static readonly float[] Weights = [1, -2, .5f, 3];

    private static readonly float[] Matrix = [1, .5f, -1, 2, .3f, -.7f, .2f, 0, 1, 1, -2, .4f, 0, .6f, -.1f, .9f];

    private static readonly Dictionary<string, TensorData> TwoRows = Oracle.Rows(1, 2, -1, .5, -.25, 4, 3, 1);

    private static readonly Dictionary<string, TensorData> Background = Oracle.Rows([
        0,
        1,
        2,
        3,
        1,
        1,
        1,
        1,
        -1,
        0,
        .5,
        2,
        2,
        -2,
        0,
        1,
        3,
        3,
        -3,
        0,
    ]);

    [Fact]
    public void A_linear_model_gives_weight_times_difference()
    {
        var model = Oracle.Linear(Weights, 7);
        var baseline = Oracle.Rows(1, 1, 1, 1);
        var ours = Oracle.Explain(
            model,
            TwoRows,
            Oracle.Settings("deeplift") with
            {
                Baseline = Baseline.Rows(baseline),
            }
        );
        ours.Attributions.ShouldBe([0, -2, -1, -1.5, -1.25, -6, 1, 0], 1e-12);
    }

    // Lundberg and Lee 2017, corollary 1: w·(x − mean).
    [Fact]
    public void Over_a_background_a_linear_model_gives_weight_times_distance_from_the_mean()
    {
        var ours = Oracle.Explain(
            Oracle.Linear(Weights, 7),
            TwoRows,
            Oracle.Settings("deep-shap") with
            {
                Background = Background,
            }
        );
        double[] mean = [1, .6, .1, 1.4];
        var x = TwoRows["x"].ToDoubles();
        ours.Attributions.ShouldBe([.. x.Select((v, i) => Weights[i % 4] * (v - mean[i % 4]))], 1e-6);
        ours.StandardErrors!.ShouldAllBe(e => e == 0);
        ours.Evaluations!.ShouldAllBe(e => e == 10);
        ours.CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-12);
    }

    // Through one hidden layer the slope over the whole path is the integral of the derivative.
    [Theory]
    [InlineData("Relu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    public void One_hidden_layer_of_any_function_is_integrated_gradients_in_the_limit(string function)
    {
        var model = Oracle
            .Model()
            .Tensor("a", TensorData.From(Matrix, 4, 4))
            .Tensor("c", TensorData.From<float>([.1f, -.2f, .3f, .4f], 4))
            .Tensor("w", TensorData.From(Weights, 4))
            .Node("MatMul x a -> u")
            .Node("Add u c -> v")
            .Node($"{function} v -> h")
            .Node("MatMul h w -> logit")
            .Done();
        var ours = Oracle.Explain(model, TwoRows, Oracle.Settings("deeplift"));
        var limit = Oracle.Explain(
            model,
            TwoRows,
            Oracle.Settings("integrated-gradients") with
            {
                Rule = "gauss-legendre",
                Steps = 4096,
            }
        );
        // A kink costs the nodes about 1/n.
        ours.Attributions.ShouldBe(limit.Attributions, function is "Tanh" or "Sigmoid" ? 1e-9 : 3e-3);
    }

    // Of a bilinear map the mean of the other factor's ends is exact: the Aumann–Shapley value, (x − b)ᵢ·((A + Aᵀ)(x + b)/2)ᵢ.
    [Fact]
    public void A_quadratic_function_gives_its_aumann_shapley_value()
    {
        var baseline = Oracle.Rows(1, -1, .5, 2);
        var ours = Oracle.Explain(
            Oracle.Quadratic(Matrix),
            TwoRows,
            Oracle.Settings("deeplift") with
            {
                Baseline = Baseline.Rows(baseline),
            }
        );
        ours.Attributions.ShouldBe(AumannShapley(TwoRows["x"].ToDoubles(), baseline["x"].ToDoubles()), 1e-6);
    }

    [Fact]
    public void The_average_over_a_background_is_that_of_single_baselines_and_a_budget_takes_some_of_them()
    {
        var model = Oracle.Quadratic(Matrix);
        var settings = Oracle.Settings("deep-shap") with { Background = Background };
        var truth = new double[8];
        foreach (var b in Background["x"].ToDoubles().Chunk(4))
            truth = [.. AumannShapley(TwoRows["x"].ToDoubles(), b).Zip(truth, (a, t) => t + a / 5)];
        Oracle.Explain(model, TwoRows, settings).Attributions.ShouldBe(truth, 1e-6);
        var some = Oracle.Explain(model, TwoRows, settings with { Budget = 7 });
        some.Evaluations!.ShouldAllBe(e => e == 6);
        some.StandardErrors!.ShouldAllBe(e => double.IsNaN(e));
        some.CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-12);
    }

    [Theory, MemberData(nameof(Models))]
    public void Every_model_of_the_real_case_is_complete(string name)
    {
        var real = ReferenceCase.Open(name);
        var slots = FeatureSlot.FromInputs(real.Model);
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(real.Rows), Baseline.Rows(real.Replacement()) })
        {
            var settings = new ExplainSettings
            {
                Method = "deeplift",
                At = at,
                Baseline = baseline,
            };
            using var explainer = Explainer.Open(real.Model, slots, settings);
            var ours = explainer.Explain(real.Rows);
            var worst = 0.0;
            for (var r = 0; r < ours.Rows; r++)
            {
                var (gap, change) = (
                    Math.Abs(ours.CompletenessGap![r]),
                    Math.Abs(ours.Target[r] - ours.BaselineTarget[r])
                );
                worst = Math.Max(worst, gap);
                gap.ShouldBeLessThanOrEqualTo(Math.Max(1e-4 * change, 1e-4), $"{name} {at} {baseline.Name} row {r}");
            }
            output.WriteLine($"{name} {at} {baseline.Name}: largest gap {worst:e1}");
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Over_a_background_too(string name)
    {
        var real = ReferenceCase.Open(name);
        var settings = new ExplainSettings
        {
            Method = "deep-shap",
            Background = real.Rows,
            At = EntryPoint.Preprocessed,
        };
        using var explainer = Explainer.Open(real.Model, FeatureSlot.FromInputs(real.Model), settings);
        var ours = explainer.Explain(real.Rows);
        for (var r = 0; r < ours.Rows; r++)
            Math.Abs(ours.CompletenessGap![r])
                .ShouldBeLessThan(Math.Max(1e-4 * Math.Abs(ours.Target[r] - ours.BaselineTarget[r]), 1e-4));
        ours.Target.Zip(real.Logits, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4);
    }

    // Sampling without replacement: of 300 intervals of ±t(99 %) by 40 of 100 baselines at least 96 % hold the whole mean.
    [Fact]
    public void Standard_errors_of_a_part_of_the_background_are_what_they_say()
    {
        var random = new CounterRandom(7, "background");
        var background = Oracle.Rows([.. Enumerable.Range(0, 400).Select(_ => random.NextNormal())]);
        var settings = Oracle.Settings("deep-shap") with { Background = background };
        var model = Oracle.Quadratic(Matrix);
        var truth = Oracle.Explain(model, TwoRows, settings).Attributions;
        var (held, all) = (0, 0);
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var ours = Oracle.Explain(model, TwoRows, settings with { Budget = 80, Seed = seed });
            foreach (var i in new[] { 0, 3, 6 })
            {
                all++;
                // Student's t, 39 degrees of freedom, 99 %: 2.708.
                if (Math.Abs(ours.Attributions[i] - truth[i]) <= 2.708 * ours.StandardErrors![i])
                    held++;
            }
        }
        ((double)held / all).ShouldBeInRange(0.96, 1);
    }

    [Fact]
    public void An_operator_without_slopes_is_refused_by_name()
    {
        var model = Oracle
            .Model()
            .Tensor("k", TensorData.Int64s(4))
            .Node("TopK x k -> n order")
            .Tensor("w", TensorData.From(Weights, 4));
        var error = Should.Throw<AssayException>(() =>
            Oracle.Explain(model.Node("MatMul n w -> logit").Done(), TwoRows, Oracle.Settings("deeplift"))
        );
        error.Message.ShouldContain("TopK");
        error.Message.ShouldContain("integrated-gradients");
    }

    // From a baseline of zeros a layer normalisation starts at the deviation √ε: there, slopes of 1/√ε would outweigh all else.
    [Fact]
    public void Behind_a_layer_normalisation_one_interval_is_of_the_size_of_the_integral()
    {
        var export = ExportCase.Open("cross_masknet_op17");
        var settings = Oracle.Settings("deeplift") with { At = EntryPoint.Preprocessed, Head = export.Head };
        var ours = Oracle.Explain(export.Model, export.Rows, settings);
        var limit = Oracle.Explain(
            export.Model,
            export.Rows,
            settings with
            {
                Method = "integrated-gradients",
                Rule = "gauss-legendre",
                Steps = 1024,
            }
        );
        var features = ours.Attributions.Length / ours.Rows;
        for (var r = 0; r < ours.Rows; r++)
        {
            var row = Enumerable.Range(r * features, features).ToArray();
            var apart = row.Max(i => Math.Abs(ours.Attributions[i] - limit.Attributions[i]));
            apart.ShouldBeLessThan(0.5 * row.Max(i => Math.Abs(limit.Attributions[i])));
        }
        ours.CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-9);
    }

    // Models of a declared batch size, and those through which rows cannot be followed.
    [Theory]
    [InlineData("fixed_batch_one")]
    [InlineData("fixed_batch_four")]
    [InlineData("cross_norms")]
    [InlineData("seq_transformer_op17")]
    [InlineData("seq_max_op16")]
    [InlineData("bag_max")]
    [InlineData("cross_xdeepfm")]
    public void Exports_are_complete(string name)
    {
        var export = ExportCase.Open(name);
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        {
            // ONNX Runtime has no double kernels of Erf and Conv.
            var single = name is "seq_transformer_op17" or "cross_xdeepfm";
            var settings = Oracle.Settings("deeplift") with { At = at, Head = export.Head, Float64 = !single };
            var ours = Oracle.Explain(export.Model, export.Rows, settings);
            for (var r = 0; r < ours.Rows; r++)
                Math.Abs(ours.CompletenessGap![r])
                    .ShouldBeLessThan(
                        single ? Math.Max(1e-4 * Math.Abs(ours.Target[r] - ours.BaselineTarget[r]), 1e-4) : 1e-9
                    );
        }
    }

    private static double[] AumannShapley(double[] x, double[] b)
    {
        var result = new double[x.Length];
        for (var r = 0; r < x.Length; r += 4)
        for (var i = 0; i < 4; i++)
        for (var j = 0; j < 4; j++)
            result[r + i] += (x[r + i] - b[i]) * (Matrix[i * 4 + j] + Matrix[j * 4 + i]) * 0.5 * (x[r + j] + b[j]);
        return result;
    }
}
