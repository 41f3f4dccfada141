using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Raised models compute, in ONNX Runtime, what they computed in the opset they were written in.</summary>
public class OpsetUpgradeTests
{
    public static TheoryData<int, string> Forms =>
        new()
        {
            { 9, "slice" },
            { 9, "clip" },
            { 9, "clip above" },
            { 9, "clip neither" },
            { 9, "pad" },
            { 9, "topk" },
            { 9, "scatter" },
            { 9, "dropout" },
            { 9, "softmax" },
            { 9, "log softmax" },
            { 9, "axes" },
            { 9, "split" },
            { 8, "batch" },
            { 9, "batch" },
            { 11, "clip inputs" },
            { 11, "softmax last" },
            { 11, "axes" },
            { 11, "split" },
            { 12, "axes" },
            { 13, "batch" },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Outputs_stay(int opset, string form)
    {
        var model = Of(form, opset).Returns("y").Load();
        foreach (var target in new[] { 13, 16, 17 }.Where(t => t > opset))
        {
            var raised = OpsetUpgrade.Raise(model, target);
            raised.Opset.ShouldBe(target);
            model.Opset.ShouldBe(opset);
            ModelVerifier.Check(raised).ShouldBeEmpty();
            var (expected, actual) = (Run(model), Run(raised));
            actual.Dims.ShouldBe(expected.Dims);
            actual.ToDoubles().ShouldBe(expected.ToDoubles());
        }
    }

    private static SmallModel Of(string form, int opset)
    {
        var small = new SmallModel(opset).Input("x", DataType.Float, 2L, 3L, 4L);
        return form switch
        {
            "slice" => small.Node(
                "Slice x -> y",
                ("starts", new[] { 1L, -3 }),
                ("ends", new[] { 9L, -1 }),
                ("axes", new[] { 1L, 2 })
            ),
            "clip" => small.Node("Clip x -> y", ("min", -0.5f), ("max", 0.5f)),
            "clip above" => small.Node("Clip x -> y", ("max", 0.5f)),
            "clip neither" => small.Node("Clip x -> y"),
            "clip inputs" => small.Tensor("low", TensorData.Scalar(0f)).Node("Clip x low -> y"),
            "pad" => small.Node("Pad x -> y", ("pads", new[] { 0L, 1, 0, 0, 0, 2 }), ("value", 0.5f)),
            "topk" => small.Node("TopK x -> y i", ("k", 2L)),
            "scatter" => small
                .Tensor("at", TensorData.From([1L, 0], 1, 1, 2))
                .Tensor("v", TensorData.From([7f, 8], 1, 1, 2))
                .Node("Scatter x at v -> y", ("axis", 1L)),
            "dropout" => small.Node("Dropout x -> y", ("ratio", 0.9f)),
            "softmax" => small.Node("Softmax x -> y"),
            "softmax last" => small.Node("Softmax x -> y", ("axis", -1L)),
            "log softmax" => small.Node("LogSoftmax x -> y", ("axis", 2L)),
            "axes" => small
                .Node("ReduceSum x -> s", ("axes", new[] { 1L }), ("keepdims", 1L))
                .Node("Squeeze s -> q", ("axes", new[] { 1L }))
                .Node("Unsqueeze q -> y", ("axes", new[] { 0L })),
            "split" => small.Node("Split x -> y z", ("axis", 2L), ("split", new[] { 3L, 1 })),
            _ => small
                .Tensor("scale", TensorData.From([1f, 2, 3], 3))
                .Tensor("bias", TensorData.From([0f, 1, 2], 3))
                .Tensor("mean", TensorData.From([0.1f, 0.2f, 0.3f], 3))
                .Tensor("variance", TensorData.From([1f, 2, 3], 3))
                .Node("BatchNormalization x scale bias mean variance -> y"),
        };
    }

    [Fact]
    public void Branches_and_repeated_inputs_are_raised_too()
    {
        var branch = new GraphProto { Name = "branch" };
        branch.Node.Add(SmallModel.NodeOf("Softmax x -> inner"));
        branch.Output.Add(ValueInfos.Tensor("inner", DataType.Float, 2L, 3L, 4L));
        var small = new SmallModel(9, ir: 3)
            .Input("x", DataType.Float, 2L, 3L, 4L)
            .Input("yes", DataType.Bool)
            .Tensor("yes", TensorData.Scalar(true))
            .Node("If yes -> y", ("then_branch", branch), ("else_branch", branch.Clone()))
            .Returns("y");
        var model = small.Load();
        var raised = OpsetUpgrade.Raise(model, 17);
        raised.Graph.Inputs.Select(i => i.Name).ShouldBe(["x"]);
        raised.Proto.Graph.Input.Count.ShouldBe(1);
        Run(raised).ToDoubles().ShouldBe(Run(model).ToDoubles());
    }

    [Fact]
    public void A_model_that_is_there_already_is_returned_itself()
    {
        var model = Of("clip neither", 17).Returns("y").Load();
        OpsetUpgrade.Raise(model, 16).ShouldBeSameAs(model);
    }

    [Fact]
    public void What_has_no_equal_is_refused()
    {
        var model = new SmallModel(9)
            .Input("x", DataType.Float, 1L, 1L, 2L, 2L)
            .Tensor("scales", TensorData.From([1f, 1, 2, 2], 4))
            .Node("Upsample x scales -> y")
            .Returns("y")
            .Load();
        Should
            .Throw<AssayException>(() => OpsetUpgrade.Raise(model, 16))
            .Message.ShouldBe(
                "Upsample 'n_y' (output 'y') has no equal in opset 16: export the model with opset 16 or later."
            );
        ModelPreparation.Prepare(model).Model.Opset.ShouldBe(9);
    }

    [Fact]
    public void Prepared_models_of_old_opsets_can_be_differentiated()
    {
        var model = Of("softmax", 9).Returns("y").Load();
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var wide = Precision.ToDouble(prepared);
        var problem = new Problem(
            wide,
            ["y"],
            ["x"],
            new Dictionary<string, TensorData> { ["x"] = Feed().Cast(DataType.Double) }
        );
        var expected = FiniteDifferences.Gradient(problem, ["x"]);
        var actual = problem.Gradient(problem.Measure()).Run()[0].ToDoubles();
        FiniteDifferences.Error(expected[0], actual).ShouldBeLessThan(CaseCheck.FirstOrder);
        shapes.TryGet("y")!.ToString().ShouldBe("float32 [2, 3, 4]");
    }

    private static TensorData Feed() =>
        Operand.X(2, 3, 4).Draw(new CounterRandom(CaseModel.Seed, "x")).Cast(DataType.Float);

    private static TensorData Run(OnnxModel model)
    {
        using var session = Session.Open(model, new SessionSettings { Optimise = false });
        return session.Run(new Dictionary<string, TensorData> { ["x"] = Feed() })["y"];
    }
}
