using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Branches that shapes decide are inlined; those that data decide stay.</summary>
public class ShapeBranchTests
{
    private static readonly TensorData X = TensorData.From([1f, -2, 3], 3, 1);

    // What exporters write for x.squeeze(1): If(Shape(h)[1] == 1) Squeeze(h) else h.
    private static SmallModel Squeeze(object width, string asked = "Shape h -> shape", params (string, object)[] of) =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", width)
            .Returns("y")
            .Tensor("index", TensorData.Int64s(-1))
            .Tensor("one", TensorData.Int64s(1))
            .Node("Mul x x -> h")
            .Node(asked, of)
            .Node("Gather shape index -> size")
            .Node("Equal size one -> same")
            .Node(
                "If same -> y",
                ("then_branch", Branch(width is 2L ? "Neg h -> y" : "Squeeze h one -> y")),
                ("else_branch", Branch("Identity h -> y"))
            );

    private static GraphProto Branch(string text)
    {
        var graph = new GraphProto { Name = "branch" };
        // The name inside is that of the If's own output, as exporters like to have it.
        graph.Node.Add(SmallModel.NodeOf(text.Replace("-> y", "-> inner", StringComparison.Ordinal)));
        graph.Output.Add(new ValueInfoProto { Name = "inner" });
        return graph;
    }

    [Theory]
    [InlineData(1, "float32 [batch]")]
    [InlineData(2, "float32 [batch, 2]")]
    public void A_static_dimension_decides(int width, string expected)
    {
        var model = Squeeze((long)width).Load();
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => n.OpType != "If");
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        shapes.TryGet("y")!.ToString().ShouldBe(expected);
        ShouldAgree(
            model,
            prepared,
            TensorData.From([.. Enumerable.Range(0, 2 * width).Select(i => (float)i)], 2, width)
        );
    }

    [Fact]
    public void A_dimension_that_follows_the_input_decides_nothing()
    {
        var model = Squeeze("width").Load();
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldContain(n => n.OpType == "If");
        ShouldAgree(model, prepared, X);
        ReverseMode.Differentiate(prepared, "y", ["x"], shapes).ShouldHaveSingleItem();
    }

    [Fact]
    public void Data_decide_nothing()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "batch", 1L)
            .Returns("y")
            .Tensor("zero", TensorData.Scalar(0f))
            .Node("Mul x x -> h")
            .Node("ReduceSum x -> sum", ("keepdims", 0L))
            .Node("Greater sum zero -> positive")
            .Node(
                "If positive -> y",
                ("then_branch", Branch("Neg h -> y")),
                ("else_branch", Branch("Identity h -> y"))
            );
        var (prepared, _) = ModelPreparation.Prepare(small.Load());
        prepared.Graph.Nodes.ShouldContain(n => n.OpType == "If");
    }

    [Fact]
    public void Part_of_a_shape_is_not_taken_for_the_whole()
    {
        // Shape(h, end=1)[-1] is the batch, not the width.
        var model = Squeeze(1L, "Shape h -> shape", ("end", 1L)).Load();
        var (prepared, _) = ModelPreparation.Prepare(model);
        ShouldAgree(model, prepared, X);
    }

    [Fact]
    public void Branches_within_branches_are_resolved()
    {
        var small = Squeeze(1L);
        var outer = new GraphProto { Name = "outer" };
        outer.Node.Add(small.Proto.Graph.Node[^1].Clone());
        outer.Node[0].Output[0] = "nested";
        outer.Output.Add(new ValueInfoProto { Name = "nested" });
        var other = outer.Clone();
        small.Proto.Graph.Node.RemoveAt(small.Proto.Graph.Node.Count - 1);
        small.Node("If same -> y", ("then_branch", outer), ("else_branch", other));
        var model = small.Load();
        var (prepared, _) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => n.OpType != "If");
        ShouldAgree(model, prepared, X);
    }

    private static void ShouldAgree(OnnxModel model, OnnxModel prepared, TensorData x)
    {
        var feeds = new Dictionary<string, TensorData> { ["x"] = x };
        using var before = Session.Open(model);
        using var after = Session.Open(prepared);
        var (expected, actual) = (before.Run(feeds)["y"], after.Run(feeds)["y"]);
        actual.Dims.ShouldBe(expected.Dims);
        actual.ShouldBeNear(expected.ToDoubles());
    }
}
