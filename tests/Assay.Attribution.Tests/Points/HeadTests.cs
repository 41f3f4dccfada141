using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Points;

/// <summary>Heads: which number is explained, in which space.</summary>
public sealed class HeadTests
{
    private static readonly float[] X = [0.5f, -1, 2, 0.25f];

    [Fact]
    public void A_probability_is_explained_before_its_sigmoid()
    {
        var model = Linear().Node("Sigmoid z -> p").Output("p", DataType.Float, "batch", 2).Load();
        Score(model, null, Space.Logit).ShouldBe(Z(0), 1e-6);
        Score(model, "p[1]", Space.Logit).ShouldBe(Z(1), 1e-6);
        Score(model, "p[1]", Space.Probability).ShouldBe([.. Z(1).Select(Sigmoid)], 1e-6);
    }

    [Fact]
    public void Sigmoids_behind_concat_and_squeeze_are_found()
    {
        var model = Linear()
            .Tensor("axis", TensorData.Int64s(1))
            .Tensor("i0", TensorData.Int64s(0))
            .Tensor("i1", TensorData.Int64s(1))
            .Node("Gather z i0 -> z0", ("axis", 1L))
            .Node("Gather z i1 -> z1", ("axis", 1L))
            .Node("Sigmoid z0 -> p0")
            .Node("Sigmoid z1 -> p1")
            .Node("Concat p1 p0 -> both", ("axis", 1L))
            .Node("Squeeze p0 axis -> click")
            .Output("both", DataType.Float, "batch", 2)
            .Output("click", DataType.Float, "batch")
            .Load();
        Score(model, "both[0]", Space.Logit).ShouldBe(Z(1), 1e-6);
        Score(model, "click", Space.Logit).ShouldBe(Z(0), 1e-6);
        Score(model, "click", Space.Probability).ShouldBe([.. Z(0).Select(Sigmoid)], 1e-6);
    }

    [Fact]
    public void The_logit_of_a_softmax_of_two_is_the_difference()
    {
        var model = Linear().Node("Softmax z -> p", ("axis", -1L)).Output("p", DataType.Float, "batch", 2).Load();
        var difference = Z(1).Zip(Z(0), (a, b) => a - b).ToArray();
        Score(model, "p[1]", Space.Logit).ShouldBe(difference, 1e-6);
    }

    [Fact]
    public void A_head_that_is_no_probability_is_explained_as_it_is_and_squashed_on_request()
    {
        var model = Linear().Output("z", DataType.Float, "batch", 2).Load();
        Score(model, "z[1]", Space.Logit).ShouldBe(Z(1), 1e-6);
        Score(model, "z[1]", Space.Probability).ShouldBe([.. Z(1).Select(Sigmoid)], 1e-6);
    }

    [Theory]
    [InlineData("nothing", "no head 'nothing'")]
    [InlineData("z[2]", "has 2 columns")]
    public void A_head_that_does_not_exist_is_a_usage_error(string head, string message)
    {
        var model = Linear().Output("z", DataType.Float, "batch", 2).Load();
        var error = Should.Throw<AssayException>(() => Score(model, head, Space.Logit));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void An_integer_number_enters_where_it_becomes_a_float()
    {
        var model = new SmallModel()
            .Input("count", DataType.Int64, "batch", 2)
            .Tensor("scale", TensorData.From<float>([0.5f, 2], 2))
            .Tensor("w", TensorData.From<float>([1, 3], 2, 1))
            .Node("Cast count -> number", ("to", 1L))
            .Node("Mul number scale -> scaled")
            .Node("MatMul scaled w -> z")
            .Output("z", DataType.Float, "batch", 1)
            .Load();
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        {
            var settings = new ExplainSettings { Method = "gradient-times-input", At = at };
            using var explainer = Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
            var rows = new Dictionary<string, TensorData> { ["count"] = TensorData.From<long>([4, 1, 2, 3], 2, 2) };
            explainer.Explain(rows).Attributions.ShouldBe([2, 6, 1, 18], 1e-6);
        }
    }

    [Fact]
    public void A_fixed_batch_of_one_runs_row_by_row()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, 1, 1)
            .Tensor("w", TensorData.From<float>([3], 1, 1))
            .Node("MatMul x w -> z")
            .Output("z", DataType.Float, 1, 1)
            .Load();
        using var explainer = Explainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = "integrated-gradients" }
        );
        var result = explainer.Explain(
            new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([1, 2, 3], 3, 1) }
        );
        result.Attributions.ShouldBe([3, 6, 9], 1e-5);
        explainer.Features.ShouldBe(["x"]);
    }

    // z = [2x, x − 3x²]
    private static SmallModel Linear() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 1)
            .Tensor("a", TensorData.From<float>([2, 1], 1, 2))
            .Tensor("b", TensorData.From<float>([0, -3], 1, 2))
            .Node("MatMul x a -> u")
            .Node("Mul x x -> q")
            .Node("MatMul q b -> v")
            .Node("Add u v -> z");

    private static double[] Z(int column) => [.. X.Select(x => column == 0 ? 2.0 * x : x - 3.0 * x * x)];

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double[] Score(OnnxModel model, string? head, Space space)
    {
        using var scorer = Scorer.Open(model, head, space);
        return scorer.Score(
            new Dictionary<string, TensorData> { ["x"] = TensorData.From((float[])X.Clone(), X.Length, 1) }
        );
    }
}
