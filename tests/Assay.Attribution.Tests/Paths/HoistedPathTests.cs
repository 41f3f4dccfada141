using Assay.Attribution.Graphs;
using Assay.Attribution.Tests.Exports;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Paths;

/// <summary>
/// Taking the linear front out of the quadrature must not change the integral: in double precision both ways agree to
/// rounding (2⁻⁵² times the few hundred sums on the way).
/// </summary>
public sealed class HoistedPathTests
{
    private const double Rounding = 1e-12;

    public static TheoryData<string> Models => RealCase.Models;

    public static TheoryData<string> Exports =>
        [
            .. ExportCase.Names.Where(n =>
                // Older opsets of the same model have the same fronts.
                !n.EndsWith("_op11", StringComparison.Ordinal)
                && !n.EndsWith("_op13", StringComparison.Ordinal)
                && ExportCase.Open(n) is { Error: [], RunsInDouble: true }
            ),
        ];

    [Theory, MemberData(nameof(Models))]
    public void Real_models_are_hoisted_and_integrate_to_the_same(string name)
    {
        var real = ReferenceCase.Open(name);
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(real.Rows), Baseline.Rows(real.Replacement()) })
            Check(real.Model, real.Rows, at, baseline, mustHoist: true);
    }

    [Theory, MemberData(nameof(Exports))]
    public void Exports_integrate_to_the_same(string name)
    {
        var export = ExportCase.Open(name);
        Check(export.Model, export.Rows, EntryPoint.Preprocessed, Baseline.Zero, mustHoist: false);
    }

    [Fact]
    public void A_linear_model_has_no_middle()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("w", TensorData.From<float>([1, -2, 3], 3))
            .Node("MatMul x w -> logit")
            .Output("logit", DataType.Float, "batch")
            .Load();
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([1, 2, 3, 4, 5, 6], 2, 3) };
        Check(model, rows, EntryPoint.Raw, Baseline.Zero, mustHoist: true);
    }

    [Fact]
    public void The_front_ends_at_the_first_nonlinearity()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("w", TensorData.From<float>([1, -2, 3], 3, 1))
            .Node("MatMul x w -> u")
            .Node("Neg u -> v")
            .Node("Tanh v -> t")
            .Node("Mul t v -> p")
            .Node("Add p u -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var front = AffineFront.Find(model.Graph, ["x"], "logit");
        front.Nodes.Select(n => n.OpType).ShouldBe(["MatMul", "Neg"]);
        front.Frontier.ShouldBe(["u", "v"]);
    }

    private static void Check(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        EntryPoint at,
        Baseline baseline,
        bool mustHoist
    )
    {
        var settings = new ExplainSettings
        {
            Method = "integrated-gradients",
            At = at,
            Baseline = baseline,
            Steps = 5,
            Float64 = true,
        };
        using var explained = new ExplainedModel(model, FeatureSlot.FromInputs(model), settings);
        var rule = PathRule.Of(PathRule.GaussLegendreName, settings.Steps);
        if (mustHoist)
            explained.IsHoisted(rule).ShouldBeTrue();
        var hoisted = explained.PathIntegral(rows, rule).Attributions;
        var naive = explained.NodeByNode(explained.Feeds(rows), rule);
        var scale = naive.Max(Math.Abs);
        for (var i = 0; i < naive.Length; i++)
            hoisted[i].ShouldBe(naive[i], Rounding * scale, $"{at} {baseline.Name} {i}");
    }
}
