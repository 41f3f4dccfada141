using Assay.Attribution.Layers;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Layers;

/// <summary>What a study of layers says of models whose inside is planted.</summary>
public sealed class LayerStudyTests(ITestOutputHelper output)
{
    private static readonly string[] Groups = ["signal", "signal", "other", "other", "other"];

    private LayerReport Run(OnnxModel model, LayerStudyRows rows)
    {
        var report = LayerStudy.Run(model, PlantedModels.Features, Groups, rows, new LayerStudySettings());
        foreach (var d in report.Diagnoses)
            output.WriteLine($"{d.Kind}: {d.Text}");
        return report;
    }

    [Fact]
    public void A_known_but_unused_feature_and_a_noise_feature_are_found_and_no_other()
    {
        var report = Run(PlantedModels.Ignoring(), PlantedModels.Rows(4000));
        string[] Of(DiagnosisKind kind) => [.. report.Diagnoses.Where(d => d.Kind == kind).Select(d => d.Subject)];
        Of(DiagnosisKind.UnderusedSignal).ShouldBe(["ignored"]);
        Of(DiagnosisKind.OveremphasisedNoise).ShouldBe(["noise"]);
        Of(DiagnosisKind.IdleUnits).ShouldBe(["hidden1"]);
        var ignored = report.Features.Single(f => f.Name == "ignored");
        ignored.Use.ShouldBe(0, 1e-6);
        // Its positive and negative part are units of the first layer, and a rank is nearly linear in them.
        ignored.Selectivity[0].ShouldBeGreaterThan(0.9);
        ignored.Selectivity[1].ShouldBeLessThan(0.1);
        report.Features.Single(f => f.Name == "unseen").Selectivity.ShouldAllBe(s => s < 0.1);
        report.Layers.Select(l => l.Layer.Value).ShouldBe(["hidden1", "hidden2", "logit"]);
        // All flows through all three.
        report.Layers.ShouldAllBe(l => Math.Abs(l.ThroughAll - 1) < 1e-4);
        report.Layers.ShouldAllBe(l => Math.Abs(l.LabelControlAuc - 0.5) < 0.06);
        report.Layers[0].LabelAuc.ShouldBeGreaterThan(report.Layers[1].LabelAuc + 0.03);
        Of(DiagnosisKind.Bottleneck).ShouldBe(["hidden2"]);
        Of(DiagnosisKind.UnreadKnowledge).ShouldBe(["hidden1"]);
        report.Layers[0].States[UnitState.Dead].ShouldBe(1);
        report.Layers[0].States[UnitState.AlwaysActive].ShouldBe(1);
        report.Layers[0].Dead.ShouldBe([8]);
        report.Cka[0][0].ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Pruning_idle_units_changes_nothing_and_makes_the_model_smaller()
    {
        var report = Run(PlantedModels.Ignoring(), PlantedModels.Rows(512));
        var idle = report.Prunings[0];
        idle.Units.ShouldBe(1);
        idle.Of.ShouldBe(15);
        idle.Cut.ShouldBe(1);
        idle.LargestChange.ShouldBeLessThan(1e-5);
        idle.AucChange.ShouldBe(0);
        idle.Bytes.After.ShouldBeLessThan(idle.Bytes.Before);
        // A quarter of the first layer is not used by the second at all: units 2, 3, 6, 7 and 8 do nothing for the score.
        report
            .Prunings.Single(p => p.What.StartsWith("10%", StringComparison.Ordinal))
            .LargestChange.ShouldBeLessThan(1e-5);
        report
            .Prunings.Single(p => p.What.StartsWith("50%", StringComparison.Ordinal))
            .LargestChange.ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void A_study_says_the_same_twice_but_for_the_time()
    {
        var (a, b) = (
            Run(PlantedModels.Ignoring(), PlantedModels.Rows(300)),
            Run(PlantedModels.Ignoring(), PlantedModels.Rows(300))
        );
        b.Diagnoses.ShouldBe(a.Diagnoses);
        b.Features.SelectMany(f => f.Known).ShouldBe(a.Features.SelectMany(f => f.Known));
        b.Cka.SelectMany(c => c).ShouldBe(a.Cka.SelectMany(c => c));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Units_are_cut_with_their_mean_in_the_bias_or_held_at_it(bool cuttable)
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("w1", TensorData.From<float>([1, 2, -1, 0.5f, 1, 1], 3, 2))
            .Tensor("slope", TensorData.From<float>([0.1f, 0.2f, 0.3f], 3))
            .Tensor("w2", TensorData.From<float>([1, -2, 3], 3, 1))
            .Node("Gemm x w1 -> pre", ("transB", 1L))
            .Node("PRelu pre slope -> h");
        if (!cuttable)
            small.Node("Neg h -> other").Node("MatMul other w2 -> logit");
        else
            small.Node("MatMul h w2 -> logit");
        var model = small.Output("logit", DataType.Float, "batch", 1).Load();
        var layer = LayerStudy.Find(model, FeatureSlot.FromInputs(model)).First(l => l.Value == "h");
        layer.Activation.ShouldBe("PRelu");
        var pruned = model.Clone();
        UnitPruning.Remove(pruned, layer, [1], [9, 0.7, 9]).ShouldBe(cuttable);
        ModelVerifier.Require(pruned, "pruned");
        var x = TensorData.From<float>([1, 2, -3, 0.5f], 2, 2);
        using var run = new BareRun(pruned);
        var logits = run.Run(new Dictionary<string, TensorData> { ["x"] = x })["logit"].ToDoubles();
        // Units 0 and 2 of W₁x by hand, PReLU, and 0.7 for unit 1.
        double Logit(double a, double b)
        {
            var (u, w) = (a + 2 * b, a + b);
            return (u < 0 ? 0.1 * u : u) - 2 * 0.7 + 3 * (w < 0 ? 0.3 * w : w);
        }
        logits.ShouldBe([.. new[] { Logit(1, 2), Logit(-3, 0.5) }.Select(v => cuttable ? v : -v)], 1e-5);
    }

    public static TheoryData<string, string[]> Expected =>
        new()
        {
            { "deepfm_seed1", ["features joined", "factorisation machine", "dense 1", "dense 2"] },
            { "dcn_v2_seed1", ["features joined", "cross 1", "cross 2", "cross 3", "dense 1", "dense 2"] },
            { "dlrm", ["dense 1", "dot products"] },
            { "din", ["attention weights", "attention", "dense 1"] },
            { "mmoe_noloop", ["gate", "dense 1"] },
            { "wide_deep", ["features joined", "dense 1", "dense 2"] },
        };

    [Theory, MemberData(nameof(Expected))]
    public void The_layers_of_real_exports_are_found_and_named(string name, string[] expected)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        var layers = LayerStudy.Find(model, FeatureSlot.FromInputs(model));
        foreach (var title in expected)
            layers.ShouldContain(l => l.Title.StartsWith(title, StringComparison.Ordinal), title);
        layers.ShouldAllBe(l => model.Graph.Defines(l.Value));
    }
}
