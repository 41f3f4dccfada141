using System.Text.Json;
using Assay.Attribution.Compilation;
using Assay.Attribution.Tests.Baselines;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>What a compiled model returns, under which names, and what it says about itself.</summary>
public sealed class CompiledOutputsTests
{
    private static readonly float[] Weights = [2, -3, 0.5f, -0.25f];

    // Of a linear model φᵢ = wᵢ (xᵢ − bᵢ), and the gap of gradient × input is Σ wᵢ bᵢ.
    [Theory]
    [InlineData("gradient-times-input", 0.75)]
    [InlineData("integrated-gradients", 0)]
    [InlineData("feature-ablation", 0)]
    public void Attributions_and_gap_of_a_linear_model(string method, double gap)
    {
        var model = Linear();
        var baseline = Baseline.Rows(Row(1, 0.5f, 1, 1));
        using var bare = new BareRun(Explain(model, method, baseline));
        var result = bare.Run(Row(1, 2, 3, 4, 0.5f, -1, 0, 2));
        double[] moved = method == "gradient-times-input" ? [0, 0, 0, 0] : [1, 0.5, 1, 1];
        float[] x = [1, 2, 3, 4, 0.5f, -1, 0, 2];
        var expected = x.Select((v, i) => Weights[i % 4] * (v - moved[i % 4])).ToArray();
        result[ModelCompiler.Attributions].ToDoubles().ShouldBe(expected, 1e-5);
        result[ModelCompiler.Gap].ToDoubles().ShouldBe([gap, gap], 1e-5);
        result["score"].ToDoubles().ShouldBe([2 - 6 + 1.5 - 1 + 0.25, 1 + 3 - 0.5 + 0.25], 1e-5);
    }

    [Fact]
    public void The_top_features_are_those_of_largest_magnitude_with_their_signs()
    {
        var options = new CompileOptions { TopK = 2, Gap = false };
        var model = Explain(Linear(), "gradient-times-input", Baseline.Zero, options);
        model.Graph.Outputs.Select(o => o.Name).ShouldBe(["score", "top_features", "top_attributions"]);
        using var bare = new BareRun(model);
        var result = bare.Run(Row(1, 2, 3, 4, 0.5f, -1, 0, 2));
        // φ = [2, −6, 1.5, −1] and [1, 3, 0, −0.5].
        result[ModelCompiler.TopFeatures].ToInt64s().ShouldBe([1, 0, 1, 0]);
        result[ModelCompiler.TopAttributions].ToDoubles().ShouldBe([-6, 2, 3, 1], 1e-6);
        result[ModelCompiler.TopFeatures].Dims.ShouldBe([2, 2]);
    }

    [Fact]
    public void Groups_are_columns()
    {
        var groups = new Dictionary<string, IReadOnlyList<string>> { ["pair"] = ["x[0]", "x[2]"] };
        var features = FeatureSlot.Grouped(FeatureSlot.FromInputs(Linear()), groups);
        var settings = new ExplainSettings { Method = "feature-ablation" };
        var model = ModelCompiler.Explain(Linear(), features, settings, new CompileOptions());
        using var bare = new BareRun(model);
        bare.Run(Row(1, 2, 3, 4))[ModelCompiler.Attributions].ToDoubles().ShouldBe([3.5, -6, -1], 1e-6);
        Read<string[]>(bare, "features").ShouldBe(["pair", "x[1]", "x[3]"]);
    }

    [Fact]
    public void Metadata_can_be_read_without_us_and_keep_the_users_own()
    {
        var linear = Linear();
        linear.Proto.MetadataProps.Add(new Onnx.Wire.StringStringEntryProto { Key = "team", Value = "ranking" });
        var options = new CompileOptions { Pedigree = new Dictionary<string, string> { ["software"] = "assay 9" } };
        var model = Explain(linear, "integrated-gradients", Baseline.Zero, options);
        using var bare = new BareRun(model);
        bare.Metadata["team"].ShouldBe("ranking");
        bare.Metadata["assay.kind"].ShouldBe("explained");
        bare.Metadata["assay.method"].ShouldBe("integrated-gradients");
        bare.Metadata["assay.steps"].ShouldBe("32");
        bare.Metadata["assay.baseline"].ShouldBe("zero");
        bare.Metadata["assay.target"].ShouldBe("score");
        bare.Metadata["assay.software"].ShouldBe("assay 9");
        Read<string[]>(bare, "features").ShouldBe(["x[0]", "x[1]", "x[2]", "x[3]"]);
        Read<Dictionary<string, string>>(bare, "outputs")["attributions"].ShouldBe("attributions");
        CompiledMetadata.Read(model)["at"].ShouldBe("raw");
        CompiledMetadata.Read(linear).ShouldBeEmpty();
        var again = Explain(model, "feature-ablation", Baseline.Zero);
        again
            .Proto.MetadataProps.Where(p => p.Key == "assay.method")
            .ShouldHaveSingleItem()
            .Value.ShouldBe("feature-ablation");
    }

    [Fact]
    public void Names_that_the_model_uses_itself_stay_its_own()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 4)
            .Tensor("w", TensorData.From(Weights, 4, 1))
            .Node("MatMul x w -> attributions")
            .Output("attributions", DataType.Float, "batch", 1)
            .Load();
        using var bare = new BareRun(Explain(model, "gradient-times-input", Baseline.Zero));
        var result = bare.Run(Row(1, 2, 3, 4));
        result["attributions"].Dims.ShouldBe([1, 1]);
        var ours = Read<Dictionary<string, string>>(bare, "outputs")["attributions"];
        result[ours].ToDoubles().ShouldBe([2, -6, 1.5, -1], 1e-6);
    }

    [Fact]
    public void A_baseline_that_nothing_of_the_row_takes_part_in_is_computed_beforehand()
    {
        // Linear: one product forward, nothing at the baseline. Pooled: the row's masks take part in its baseline.
        Count(Explain(Linear(), "gradient-times-input", Baseline.Zero), "MatMul")
            .ShouldBe(Count(Explain(Linear(), "gradient-times-input", Baseline.Zero, NoGap), "MatMul"));
        var pooled = PooledModel.Load();
        Count(Explain(pooled, "gradient-times-input", Baseline.Zero), "MatMul")
            .ShouldBe(Count(Explain(pooled, "gradient-times-input", Baseline.Zero, NoGap), "MatMul") + 1);
    }

    [Fact]
    public void A_baseline_for_each_row_cannot_be_compiled()
    {
        var each = Baseline.Rows(Row(1, 0.5f, 1, 1, 1, 1, 1, 1));
        var error = Should.Throw<AssayException>(() => Explain(Linear(), "integrated-gradients", each));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldBe("The baseline has 2 rows of input 'x'; a compiled model holds one row for all.");
    }

    [Theory, InlineData("saliency"), InlineData("permutation"), InlineData("astrology")]
    public void Other_methods_are_refused(string method) =>
        Should
            .Throw<AssayException>(() => Explain(Linear(), method, Baseline.Zero))
            .Message.ShouldContain("choose one of: ");

    [Theory, InlineData(0), InlineData(5)]
    public void More_or_fewer_than_the_features_cannot_be_the_top(int k) =>
        Should
            .Throw<AssayException>(() =>
                Explain(Linear(), "gradient-times-input", Baseline.Zero, new CompileOptions { TopK = k })
            )
            .Fault.ShouldBe(Fault.Usage);

    [Fact]
    public void Double_precision_makes_everything_double()
    {
        var settings = new ExplainSettings { Method = "integrated-gradients", Float64 = true };
        var model = ModelCompiler.Explain(Linear(), FeatureSlot.FromInputs(Linear()), settings, new CompileOptions());
        using var bare = new BareRun(model);
        var x = TensorData.From<double>([1, 2, 3, 4], 1, 4);
        var result = bare.Run(new Dictionary<string, TensorData> { ["x"] = x });
        result[ModelCompiler.Attributions].Type.ShouldBe(DataType.Double);
        result[ModelCompiler.Gap].ToDoubles()[0].ShouldBe(0, 1e-14);
    }

    private static readonly CompileOptions NoGap = new() { Gap = false };

    private static OnnxModel Explain(
        OnnxModel model,
        string method,
        Baseline baseline,
        CompileOptions? options = null
    ) =>
        ModelCompiler.Explain(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = method, Baseline = baseline },
            options ?? new CompileOptions()
        );

    private static OnnxModel Linear() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 4)
            .Tensor("w", TensorData.From(Weights, 4, 1))
            .Tensor("c", TensorData.From([0.25f], 1))
            .Node("Gemm x w c -> score")
            .Output("score", DataType.Float, "batch", 1)
            .Load();

    private static Dictionary<string, TensorData> Row(params float[] x) =>
        new() { ["x"] = TensorData.From(x, x.Length / 4, 4) };

    private static int Count(OnnxModel model, string op) => model.Graph.Nodes.Count(n => n.OpType == op);

    private static T Read<T>(BareRun bare, string key) => JsonSerializer.Deserialize<T>(bare.Metadata["assay." + key])!;
}
