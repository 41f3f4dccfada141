using System.Text.Json.Nodes;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>Layers and judged explanations of the tiny world, an additive model that leaves out idle.</summary>
public sealed class InsidePartsTests(ViewedRun viewed) : IClassFixture<ViewedRun>
{
    private static JsonNode Method(JsonNode file, string id) =>
        file["methods"]!.AsArray().Single(m => (string?)m!["method"] == id)!;

    [Fact]
    public void Methods_that_are_exact_on_an_additive_model_are_faithful_and_agree()
    {
        var file = viewed.Read("evaluation");
        ((int)file["sampled"]!["rows"]!, (int)file["sampled"]!["clusters"]!).ShouldBe((40, 40));
        foreach (var id in (string[])["integrated-gradients", "feature-ablation"])
        {
            // Both give each feature its term, so removals change the score by the sum of attributions.
            var method = Method(file, id);
            ((double)method["measures"]!["infidelity"]!["value"]!).ShouldBe(0, 1e-5);
            ((bool)method["in_study"]!).ShouldBe(id == "integrated-gradients");
        }
        var pair = file["agreement"]!
            .AsArray()
            .Single(p => (string?)p!["first"] == "integrated-gradients" && (string?)p["second"] == "feature-ablation")!;
        foreach (var measure in (string[])["feature", "sign", "rank_correlation"])
            ((double)pair[measure]!["value"]!).ShouldBe(1, 1e-5, measure);
        var control = Method(file, "random");
        ((bool)control["is_control"]!, (double)control["score"]!).ShouldBe((true, 0));
        // Numbers drawn without the model are the same when its weights become random.
        ((bool?)control["falls"]).ShouldBe(false);
        var deletion = control["measures"]!["deletion"]!;
        ((double)deletion["low"]!).ShouldBeLessThan((double)deletion["value"]!);
        ((double)deletion["high"]!).ShouldBeGreaterThan((double)deletion["value"]!);
    }

    [Fact]
    public void The_feature_that_is_not_read_flows_nowhere()
    {
        var file = viewed.Read("layers");
        ((int)file["sampled"]!["rows"]!).ShouldBe(1980);
        file["layers"]!.AsArray().Count.ShouldBeGreaterThan(0);
        var idle = ViewedRun.Named(file["features"], "idle");
        ((double)idle["use"]!).ShouldBe(0, 1e-9);
        ((double)idle["loss"]!["value"]!).ShouldBe(0, 1e-9);
        var features = file["features"]!.AsArray();
        features.Sum(f => (double)f!["use"]!).ShouldBe(1, 1e-4);
        features.ShouldAllBe(f => f!["known"]!.AsArray().Count == file["layers"]!.AsArray().Count);
        foreach (var name in (string[])["product", "country"])
            ((double)ViewedRun.Named(features, name)["loss"]!["low"]!).ShouldBeGreaterThan(0, name);
        file["groups"]!.AsArray().Select(g => (string)g!).ShouldBe(["user", "item"]);
    }

    [Fact]
    public void A_model_without_layers_says_so_and_the_study_goes_on()
    {
        using var world = new TinyWorld();
        // Tables alone: no product with weights on the way to the head.
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", 2)
            .Input("dense", DataType.Float, "batch", 2)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("axis", TensorData.Int64s(1))
            .Tensor("countries", TensorData.From(TinyWorld.Country, 4, 1))
            .Node("Gather ids zero -> country", ("axis", 1L))
            .Node("Gather countries country -> c", ("axis", 0L))
            .Node("ReduceSum dense axis -> d")
            .Node("Add c d -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load()
            .Save(world.Folder["model.onnx"]);
        var result = world.Run(study: world.With("replicates:", "layers: true\nreplicates:"));
        var file = ViewedRun.Read(result, "layers");
        ((string?)file["reason"])!.ShouldContain("No layer was found");
        file["layers"]!.AsArray().ShouldBeEmpty();
        file["diagnoses"]!.AsArray().ShouldBeEmpty();
    }
}
