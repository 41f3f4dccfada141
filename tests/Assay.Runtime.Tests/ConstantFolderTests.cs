using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class ConstantFolderTests
{
    private static Dictionary<string, TensorData> X(params float[] x) => new() { ["x"] = TensorData.From(x, x.Length) };

    [Fact]
    public void What_depends_on_constants_alone_becomes_an_initialiser()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Tensor("a", TensorData.From([1f], 1))
            .Node("Constant -> two", ("value", TensorData.Scalar(2f)))
            .Node("Mul a two -> b")
            .Node("Neg b -> c")
            .Node("Shape x -> shape")
            .Node("ConstantOfShape shape -> zeros")
            .Node("Add x c -> d")
            .Node("Add d zeros -> y")
            .Output("y", DataType.Float, "n")
            .Output("b", DataType.Float, 1)
            .Load();
        var before = model.ToBytes();
        var folded = ConstantFolder.Fold(model);
        model.ToBytes().ShouldBe(before);
        folded.Graph.Nodes.Select(n => n.OpType).ShouldBe(["Shape", "ConstantOfShape", "Add", "Add"]);
        folded.Graph.Constant("b")!.Values.ShouldBe(new[] { 2f });
        folded.Graph.Constant("c")!.Values.ShouldBe(new[] { -2f });
        using var session = Session.Open(OnnxModel.Load(folded.ToBytes()));
        session.Run(X(5, 6))["y"].Values.ShouldBe(new[] { 3f, 4f });
        session.Run(X(5, 6))["b"].Values.ShouldBe(new[] { 2f });
    }

    [Fact]
    public void Random_operators_and_large_results_stay()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Tensor("size", TensorData.Int64s(5 << 20))
            .Tensor("one", TensorData.Int64s(1))
            .Node("ConstantOfShape size -> large")
            .Node("ReduceMax large -> small", ("keepdims", 0L))
            .Node("RandomUniform -> noise", ("shape", new long[] { 1 }))
            .Node("Add x small -> d")
            .Node("Add d noise -> e")
            .Node("Slice large one one -> none")
            .Node("ReduceSum large -> sum", ("keepdims", 0L))
            .Node("Add e sum -> y")
            .Output("y", DataType.Float, "n")
            .Output("large", DataType.Float, "m")
            .Load();
        ConstantFolder
            .Fold(model)
            .Graph.Nodes.Select(n => n.OpType)
            .ShouldBe(["ConstantOfShape", "RandomUniform", "Add", "Add", "Add"]);
    }

    [Fact]
    public void Constants_that_a_subgraph_captures_keep_their_names()
    {
        var branch = new SmallModel().Node("Add x two -> t").Output("t", DataType.Float, "m").Proto.Graph;
        var other = new SmallModel().Node("Identity x -> u").Output("u", DataType.Float, "m").Proto.Graph;
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Input("c", DataType.Bool)
            .Tensor("one", TensorData.Scalar(1f))
            .Node("Add one one -> two")
            .Node("If c -> y", ("then_branch", branch), ("else_branch", other))
            .Output("y", DataType.Float, "n")
            .Load();
        var folded = ConstantFolder.Fold(model);
        folded.Graph.Nodes.Count.ShouldBe(1);
        using var session = Session.Open(folded);
        var feeds = X(1, 2);
        feeds["c"] = TensorData.Scalar(true);
        session.Run(feeds)["y"].Values.ShouldBe(new[] { 3f, 4f });
    }

    [Fact]
    public void Initialisers_that_repeat_as_inputs_are_constants()
    {
        var model = new SmallModel(opset: 8, ir: 3)
            .Input("x", DataType.Float, "n")
            .Input("w", DataType.Float, 1)
            .Input("unused", DataType.Float, 1)
            .Tensor("w", TensorData.From([3f], 1))
            .Tensor("unused", TensorData.From([3f], 1))
            .Node("Neg w -> v")
            .Node("Mul x v -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        var folded = ConstantFolder.Fold(model);
        folded.Graph.Nodes.Single().OpType.ShouldBe("Mul");
        folded.Proto.Graph.Input.Select(i => i.Name).ShouldBe(["x"]);
        using var session = Session.Open(folded);
        session.Run(X(2))["y"].Values.ShouldBe(new[] { -6f });
    }
}
