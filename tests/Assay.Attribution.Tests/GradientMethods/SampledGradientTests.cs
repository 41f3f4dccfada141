using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.GradientMethods;

/// <summary>SmoothGrad and expected gradients against closed forms; budget, precision and standard errors.</summary>
public sealed class SampledGradientTests
{
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

    // Aumann–Shapley averaged over the background; for functions of order 2 also the Shapley value.
    private static double[] Averaged(double[] x)
    {
        var result = new double[x.Length];
        foreach (var b in Background["x"].ToDoubles().Chunk(4))
            for (var r = 0; r < x.Length; r += 4)
            for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
                result[r + i] +=
                    (x[r + i] - b[i]) * (Matrix[i * 4 + j] + Matrix[j * 4 + i]) * 0.5 * (x[r + j] + b[j]) / 5;
        return result;
    }

    [Fact]
    public void Expected_gradients_tend_to_the_aumann_shapley_value_averaged_over_the_background()
    {
        var settings = Oracle.Settings("expected-gradients") with { Background = Background, Budget = 20_006 };
        var ours = Oracle.Explain(Oracle.Quadratic(Matrix), TwoRows, settings);
        ours.ShouldCover(Averaged(TwoRows["x"].ToDoubles()), 4.5);
        ours.Evaluations!.ShouldAllBe(e => e == 20_006);
        ours.StandardErrors!.Max().ShouldBeLessThan(0.2);
        ours.CompletenessGap.ShouldBeNull();
    }

    [Fact]
    public void Without_a_background_they_tend_to_integrated_gradients_of_the_baseline()
    {
        var model = Oracle.Quadratic(Matrix);
        var truth = Oracle.Explain(model, TwoRows, Oracle.Settings("integrated-gradients")).Attributions;
        Oracle
            .Explain(model, TwoRows, Oracle.Settings("expected-gradients") with { Budget = 4000 })
            .ShouldCover(truth, 4.5);
    }

    [Fact]
    public void Over_a_background_a_linear_model_is_known_at_once_but_for_the_baselines_drawn()
    {
        float[] weights = [1, -2, .5f, 3];
        var settings = Oracle.Settings("expected-gradients") with { Background = Background, Budget = 4000 };
        double[] mean = [1, .6, .1, 1.4];
        var x = TwoRows["x"].ToDoubles();
        var ours = Oracle.Explain(Oracle.Linear(weights, 7), TwoRows, settings);
        ours.ShouldCover([.. x.Select((v, i) => weights[i % 4] * (v - mean[i % 4]))], 4.5);
        // w·(x − b̄) with b̄ the mean of the drawn: what is reported as the target there fits exactly.
        for (var r = 0; r < 2; r++)
            ours.Attributions[(r * 4)..(r * 4 + 4)].Sum().ShouldBe(ours.Target[r] - ours.BaselineTarget[r], 1e-9);
    }

    // Of 200 intervals of ±t(99 %) by 64 draws between 96 % and 100 % hold the truth (binomial, p = .99: 3.9 % misses are 4 σ).
    [Fact]
    public void Standard_errors_are_what_they_say()
    {
        var model = Oracle.Quadratic(Matrix);
        var truth = Averaged(TwoRows["x"].ToDoubles());
        var (held, all) = (0, 0);
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var settings = Oracle.Settings("expected-gradients") with
            {
                Background = Background,
                Budget = 70,
                Seed = seed,
            };
            var ours = Oracle.Explain(model, TwoRows, settings);
            foreach (var i in new[] { 0, 6 })
            {
                all++;
                // Student's t, 63 degrees of freedom, 99 %: 2.656.
                if (Math.Abs(ours.Attributions[i] - truth[i]) <= 2.656 * ours.StandardErrors![i])
                    held++;
            }
        }
        ((double)held / all).ShouldBeInRange(0.96, 1);
    }

    // The gradient of a quadratic function is linear: noise of mean 0 leaves its mean as it is.
    [Fact]
    public void Smooth_gradients_of_a_quadratic_function_tend_to_the_gradient()
    {
        var model = Oracle.Quadratic(Matrix);
        var truth = Oracle.Explain(model, TwoRows, Oracle.Settings("saliency")).Attributions;
        var ours = Oracle.Explain(model, TwoRows, Oracle.Settings("smooth-grad") with { Budget = 2002, Noise = 0.5 });
        ours.ShouldCover(truth, 4.5);
        ours.Evaluations!.ShouldAllBe(e => e == 2002);
        var quiet = Oracle.Explain(model, TwoRows, Oracle.Settings("smooth-grad") with { Noise = 0 });
        quiet.Attributions.ShouldBe(truth, 1e-12);
        quiet.StandardErrors!.ShouldAllBe(e => e < 1e-12);
    }

    // f = Σ x³: E[3(x + σs·ε)²] = 3x² + 3(σs)², s the standard deviation over the background or the distance from the baseline.
    [Fact]
    public void The_noise_has_the_width_that_is_stated()
    {
        var model = Oracle
            .Model()
            .Tensor("three", TensorData.Scalar(3f))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("Pow x three -> y")
            .Node("ReduceSum y axis -> logit", ("keepdims", 0L))
            .Done();
        var x = TwoRows["x"].ToDoubles();
        var settings = Oracle.Settings("smooth-grad") with { Budget = 4002, Noise = 0.3 };
        var byDistance = Oracle.Explain(model, TwoRows, settings);
        byDistance.ShouldCover([.. x.Select(v => 3 * v * v * (1 + 0.09))], 4.5);
        var columns = Background["x"].ToDoubles();
        double Deviation(int j)
        {
            var column = columns.Where((_, i) => i % 4 == j).ToArray();
            return Math.Sqrt(column.Select(v => Math.Pow(v - column.Average(), 2)).Average());
        }
        var byData = Oracle.Explain(model, TwoRows, settings with { Background = Background });
        byData.ShouldCover([.. x.Select((v, i) => 3 * v * v + 3 * Math.Pow(0.3 * Deviation(i % 4), 2))], 4.5);
    }

    [Theory]
    [InlineData("smooth-grad")]
    [InlineData("expected-gradients")]
    [InlineData("deep-shap")]
    public void Rows_stop_by_themselves_once_they_are_precise_and_no_budget_is_exceeded(string method)
    {
        var real = ReferenceCase.Open("deepfm_seed1");
        var settings = new ExplainSettings
        {
            Method = method,
            At = EntryPoint.Preprocessed,
            Background = real.Rows,
            Budget = 400,
            Precision = 0.05,
        };
        using var explainer = Explainer.Open(real.Model, FeatureSlot.FromInputs(real.Model), settings);
        var ours = explainer.Explain(real.Rows);
        var features = explainer.Features.Count;
        for (var r = 0; r < ours.Rows; r++)
        {
            ours.Evaluations![r].ShouldBeLessThanOrEqualTo(400);
            var own = Enumerable.Range(r * features, features).ToArray();
            if (ours.Evaluations[r] < 350 && method != "deep-shap")
                own.Max(i => ours.StandardErrors![i])
                    .ShouldBeLessThanOrEqualTo(0.05 * own.Max(i => Math.Abs(ours.Attributions[i])) * (1 + 1e-9));
        }
        foreach (var budget in new[] { 3, 10, 57 })
        {
            using var tight = Explainer.Open(
                real.Model,
                FeatureSlot.FromInputs(real.Model),
                settings with
                {
                    Budget = budget,
                    Precision = null,
                }
            );
            tight.Explain(real.Rows).Evaluations!.ShouldAllBe(e => e <= budget);
        }
    }

    [Theory]
    [InlineData("smooth-grad", 2)]
    [InlineData("expected-gradients", 2)]
    [InlineData("deep-shap", 1)]
    public void A_budget_that_buys_nothing_is_refused(string method, int budget) =>
        Should
            .Throw<AssayException>(() =>
                Oracle.Explain(Oracle.Quadratic(Matrix), TwoRows, Oracle.Settings(method) with { Budget = budget })
            )
            .Fault.ShouldBe(Fault.Usage);
}
