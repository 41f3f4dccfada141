using Assay.Attribution.Judging;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Judging;

/// <summary>The judge on models of which it is known what a good method finds.</summary>
public sealed class JudgeTests
{
    private static readonly float[] Weights = [2, -1, 0.5f, 0, 3, -2];

    private static OnnxModel Linear() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 6)
            .Tensor("w", TensorData.From(Weights, 6, 1))
            .Tensor("b", TensorData.From([0.25f], 1))
            .Node("Gemm x w b -> score")
            .Output("score", DataType.Float, "batch", 1)
            .Load();

    private static Dictionary<string, TensorData> Rows(int count)
    {
        var random = new CounterRandom(7, "rows of the judge's test");
        float[] x = [.. Enumerable.Range(0, count * 6).Select(_ => (float)random.NextNormal())];
        return new() { ["x"] = TensorData.From(x, count, 6) };
    }

    private static Judgement Run(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        params string[] methods
    ) =>
        Judge.Run(
            model,
            FeatureSlot.FromInputs(model),
            new JudgeSettings
            {
                Explain = new ExplainSettings { Method = "feature-ablation" },
                Methods = methods.Length == 0 ? null : methods,
            },
            rows,
            TimeProvider.System,
            stop: TestContext.Current.CancellationToken
        );

    [Fact]
    public void On_a_linear_model_complete_methods_agree_and_leave_nothing_unexplained()
    {
        string[] exact = ["integrated-gradients", "feature-ablation", "gradient-times-input"];
        var judged = Run(Linear(), Rows(24), exact);
        judged.Methods.Count.ShouldBe(4);
        foreach (var method in judged.Methods.Where(m => m.Id != Judgement.Control))
        {
            method.Measures["infidelity"].Value.ShouldBe(0, 1e-6);
            method.Falls.ShouldBe(true);
            method.Score.ShouldBe(1, 1e-4);
        }
        judged.Pairs.Where(p => exact.Contains(p.First) && exact.Contains(p.Second)).Count().ShouldBe(3);
        foreach (var pair in judged.Pairs.Where(p => p.First != Judgement.Control && p.Second != Judgement.Control))
            pair.All.ShouldAllBe(m => m.Value > 0.999);
    }

    [Fact]
    public void The_control_comes_last_scores_0_and_does_not_see_the_weights()
    {
        var control = Run(Linear(), Rows(24), "integrated-gradients", "saliency").Methods[^1];
        control.Id.ShouldBe(Judgement.Control);
        control.Score.ShouldBe(0);
        control.Falls.ShouldBe(false);
        control.Measures["sanity"].Value.ShouldBe(1);
    }

    [Fact]
    public void Everything_but_the_time_is_the_same_again()
    {
        var (first, second) = (Run(Linear(), Rows(9)), Run(Linear(), Rows(9)));
        first.Methods.Select(m => m.Id).ShouldBe(second.Methods.Select(m => m.Id));
        for (var m = 0; m < first.Methods.Count; m++)
        {
            first.Methods[m].Measures.ShouldBe(second.Methods[m].Measures);
            first.Methods[m].Cascade.ShouldBe(second.Methods[m].Cascade);
            first.Methods[m].EvaluationsPerRow.ShouldBe(second.Methods[m].EvaluationsPerRow);
        }
    }

    [Fact]
    public void Without_names_every_registered_method_is_judged_or_said_why_not()
    {
        var judged = Run(Linear(), Rows(9));
        judged
            .Methods.Select(m => m.Id)
            .Concat(judged.Skipped.Select(s => s.Id))
            .ShouldBe([.. MethodRegistry.All.Select(m => m.Id), Judgement.Control], ignoreOrder: true);
        judged.Skipped.ShouldAllBe(s => s.Reason.Length > 10);
    }

    [Fact]
    public void A_method_that_the_model_does_not_allow_is_listed_with_the_reason()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 1, 4)
            .Node("LpPool x -> p", ("kernel_shape", new long[] { 2 }))
            .Tensor("axis", TensorData.Int64s(2))
            .Node("ReduceSum p axis -> logit", ("keepdims", 0L))
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var rows = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([.. Enumerable.Range(0, 32).Select(i => i % 7 - 3f)], 8, 1, 4),
        };
        var judged = Run(model, rows, "saliency", "feature-ablation");
        judged.Skipped.Single().Id.ShouldBe("saliency");
        judged.Skipped.Single().Reason.ShouldContain("LpPool");
        // It has no weights to make random.
        judged.Layers.ShouldBeEmpty();
        judged.Methods.ShouldAllBe(m => m.Falls == null);
    }

    [Fact]
    public void One_row_has_no_standard_errors_and_no_donors()
    {
        var judged = Run(Linear(), Rows(1), "feature-ablation");
        judged.Methods.ShouldAllBe(m => double.IsNaN(m.Measures["pgi"].Value));
        judged.Methods.ShouldAllBe(m => double.IsNaN(m.Measures["deletion"].StandardError));
    }

    [Fact]
    public void An_unknown_method_and_a_top_beyond_the_features_are_refused()
    {
        Should.Throw<AssayException>(() => Run(Linear(), Rows(2), "magic")).Fault.ShouldBe(Fault.Usage);
        var settings = new JudgeSettings
        {
            Explain = new ExplainSettings { Method = "saliency" },
            Top = 7,
        };
        Should
            .Throw<AssayException>(() =>
                Judge.Run(
                    Linear(),
                    FeatureSlot.FromInputs(Linear()),
                    settings,
                    Rows(2),
                    TimeProvider.System,
                    stop: TestContext.Current.CancellationToken
                )
            )
            .Message.ShouldContain("7 of 6");
    }

    [Fact]
    public void Weights_become_random_from_the_head_down_and_keep_their_size()
    {
        var model = new SmallModel()
            .Input("id", DataType.Int64, "batch", 2)
            .Tensor("table", TensorData.From<float>([0, 0, 1, 2, -1, 3, 0.5f, -2], 4, 2))
            .Tensor("hidden", TensorData.From<float>([.. Enumerable.Range(0, 40).Select(i => i % 5 - 2f)], 4, 10))
            .Tensor("bias", TensorData.From<float>([.. Enumerable.Range(0, 10).Select(i => i / 10f)], 10))
            .Tensor("out", TensorData.From<float>([.. Enumerable.Range(0, 10).Select(i => i - 4f)], 10, 1))
            .Node("Gather table id -> e")
            .Node("Flatten e -> f")
            .Node("Gemm f hidden bias -> h")
            .Node("Relu h -> r")
            .Node("MatMul r out -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var cascade = new WeightCascade(model, null);
        cascade.Names.ShouldBe(["out", "hidden", "the lookup table"]);
        string[] Changed(int stages) =>
            [
                .. new[] { "table", "hidden", "bias", "out" }.Where(n =>
                    !cascade
                        .Randomised(stages, 1)
                        .Graph.Constant(n)!
                        .ToDoubles()
                        .SequenceEqual(model.Graph.Constant(n)!.ToDoubles())
                ),
            ];
        Changed(1).ShouldBe(["out"]);
        Changed(2).ShouldBe(["hidden", "out"]);
        Changed(3).ShouldBe(["table", "hidden", "out"]);
        var fresh = cascade.Randomised(3, 1);
        fresh.Graph.Constant("table")!.ToDoubles()[..2].ShouldBe([0, 0]);
        double Size(OnnxModel m) => m.Graph.Constant("hidden")!.ToDoubles().Sum(v => v * v);
        Size(fresh).ShouldBe(Size(model), 0.5 * Size(model));
    }

    [Theory]
    [InlineData("deepfm_seed1")]
    [InlineData("dlrm")]
    [InlineData("mmoe_noloop")]
    public void On_real_models_the_control_is_last_and_honest_methods_lose_their_likeness(string name)
    {
        var real = Reference.ReferenceCase.Open(name);
        var judged = Judge.Run(
            real.Model,
            real.Slots(real.Method("saliency").Features),
            new JudgeSettings
            {
                Explain = new ExplainSettings { Method = "feature-ablation" },
                Methods = ["integrated-gradients", "feature-ablation", "gradient-times-input", "saliency"],
                SanityDraws = 1,
            },
            real.Rows,
            TimeProvider.System,
            stop: TestContext.Current.CancellationToken
        );
        judged.Skipped.ShouldBeEmpty();
        judged.Methods[^1].Id.ShouldBe(Judgement.Control);
        judged.Methods.SkipLast(1).ShouldAllBe(m => m.Score > 0 && m.Falls == true);
        judged.Methods[^1].Falls.ShouldBe(false);
    }
}
