using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>What the engine does whatever the rules: expected values are derivatives taken by hand.</summary>
public class ReverseModeTests
{
    private static readonly TensorData X = Calculus.X;

    private static SmallModel OfX(int opset = 17) => new SmallModel(opset).Input("x", DataType.Double, 3L);

    [Fact]
    public void What_several_consumers_send_is_added() =>
        OfX().Node("Mul x x -> a").Node("Add a x -> b").Node("Mul b x -> y").OfX(X).ShouldBeNear(1.75, 1, 16);

    [Fact]
    public void Intermediate_values_and_what_lies_before_them_each_get_their_whole_derivative()
    {
        // h = x², k = sin h, y = k·h
        var small = OfX().Node("Mul x x -> h").Node("Sin h -> k").Node("Mul k h -> y");
        var gradients = small.Gradients("y", ["x", "k", "h"], new() { ["x"] = X });
        var h = X.ToDoubles().Select(x => x * x).ToArray();
        gradients["k"].ShouldBeNear(h);
        var dh = h.Select(v => Math.Sin(v) + v * Math.Cos(v)).ToArray();
        gradients["h"].ShouldBeNear(dh);
        gradients["x"].ShouldBeNear([.. dh.Select((d, i) => 2 * X.Span<double>()[i] * d)]);
    }

    [Fact]
    public void Nothing_before_the_values_asked_for_needs_a_rule() =>
        new SmallModel()
            .Input("x", DataType.Float, 3L)
            .Node("Hardmax x -> h")
            .Node("Mul h h -> y")
            .Gradients("y", ["h"], new() { ["x"] = X.Cast(DataType.Float) })["h"]
            .ShouldBeNear(0, 0, 2);

    [Fact]
    public void Initialisers_can_be_asked_for() =>
        OfX()
            .Tensor("w", TensorData.From([2.0, 3, 4], 3))
            .Node("Mul x w -> y")
            .Gradients("y", ["w"], new() { ["x"] = X })["w"]
            .ShouldBeNear(0.5, -1, 2);

    [Fact]
    public void What_the_target_does_not_depend_on_gets_zeros_of_its_shape()
    {
        var small = OfX().Input("z", DataType.Double, 2L, 2L).Node("Exp z -> unused").Node("Neg x -> y");
        var gradients = small.Gradients(
            "y",
            ["x", "z", "unused"],
            new() { ["x"] = X, ["z"] = TensorData.From(new double[4], 2, 2) }
        );
        gradients["x"].ShouldBeNear(-1, -1, -1);
        gradients["z"].ShouldBeNear(0, 0, 0, 0);
        gradients["z"].Dims.ShouldBe([2, 2]);
        gradients["unused"].ShouldBeNear(0, 0, 0, 0);
    }

    [Fact]
    public void A_seed_weights_the_elements_of_the_target() =>
        OfX()
            .Tensor("s", TensorData.From([1.0, 10, 100], 3))
            .Node("Mul x x -> y")
            .Gradients("y", ["x"], new() { ["x"] = X }, seed: "s")["x"]
            .ShouldBeNear(1, -20, 400);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_target_of_any_rank_is_summed(int rank)
    {
        long[] dims =
            rank == 0 ? []
            : rank == 1 ? [1]
            : [1, 1];
        new SmallModel()
            .Input("x", DataType.Double, [.. dims.Select(d => (object)d)])
            .Node("Mul x x -> y")
            .Gradients("y", ["x"], new() { ["x"] = TensorData.From([3.0], dims) })["x"]
            .ShouldBeNear(6);
    }

    [Fact]
    public void The_target_itself_and_values_of_one_gradient_get_names_of_their_own()
    {
        var small = OfX().Tensor("s", TensorData.From([1.0, 2, 3], 3)).Node("Neg x -> h").Node("Add h x -> y");
        var gradients = small.Gradients("y", ["y", "h", "x"], new() { ["x"] = X }, seed: "s");
        gradients["y"].ShouldBeNear(1, 2, 3);
        gradients["h"].ShouldBeNear(1, 2, 3);
        gradients["x"].ShouldBeNear(0, 0, 0);
    }

    [Fact]
    public void The_nodes_may_come_in_any_order()
    {
        var model = OfX().Node("Mul x x -> h").Node("Mul h x -> y").Returns("y").Load();
        var first = model.Graph.Nodes[0];
        model.Graph.Remove(first);
        model.Graph.Add(first);
        var gradient = ReverseMode.Differentiate(model, "y", ["x"], Runtime.ShapeTable.Empty)["x"];
        model.Graph.AddOutput(new Onnx.Wire.ValueInfoProto { Name = gradient });
        using var session = Runtime.Session.Open(model);
        session.Run(new Dictionary<string, TensorData> { ["x"] = X })[gradient].ShouldBeNear(0.75, 3, 12);
    }

    [Fact]
    public void What_is_looked_up_where_the_largest_stand_is_constant_in_them()
    {
        var small = OfX()
            .Tensor("k", TensorData.Int64s(1))
            .Tensor("table", TensorData.From([5.0, 6, 7], 3))
            .Node("TopK x k -> top at")
            .Node("Gather table at -> looked")
            .Node("Mul top looked -> y");
        small.Gradients("y", ["x"], new() { ["x"] = X }, measured: false)["x"].ShouldBeNear(0, 0, 7);
    }

    [Fact]
    public void Rows_keep_their_own_gradients()
    {
        var small = new SmallModel()
            .Input("x", DataType.Double, "batch", 2L)
            .Tensor("axis", TensorData.Int64s(1))
            .Node("Mul x x -> s")
            .Node("ReduceSum s axis -> y");
        var x = TensorData.From([1.0, 2, 3, 4], 2, 2);
        small.Gradients("y", ["x"], new() { ["x"] = x })["x"].ShouldBeNear(2, 4, 6, 8);
    }

    [Fact]
    public void What_depends_through_a_comparison_or_a_shape_is_constant()
    {
        // y = x·[x > 0] / rows(x), whose slope is [x > 0]/3
        var small = OfX()
            .Tensor("zero", TensorData.Scalar(0.0))
            .Tensor("first", TensorData.Scalar(0L))
            .Tensor("two", TensorData.Scalar(2L))
            .Node("Greater x zero -> positive")
            .Node("Cast positive -> mask", ("to", (long)DataType.Double))
            .Node("Shape x -> shape")
            .Node("Gather shape first -> rows")
            .Node("Mul rows two -> twice")
            .Node("Div twice two -> once")
            .Node("Cast once -> count", ("to", (long)DataType.Double))
            .Node("Mul x mask -> kept")
            .Node("Div kept count -> y");
        small.OfX(X).ShouldBeNear(1.0 / 3, 0, 1.0 / 3);
        small.Gradients("y", ["x"], new() { ["x"] = X }, measured: false)["x"].ShouldBeNear(1.0 / 3, 0, 1.0 / 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parts_in_another_precision_get_constants_of_theirs(bool measured)
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, 3L)
            .Node("Sigmoid x -> s")
            .Node("Cast s -> d", ("to", (long)DataType.Double))
            .Node("Sigmoid d -> y");
        var gradient = small.Gradients(
            "y",
            ["x"],
            new() { ["x"] = TensorData.From(new float[3], 3) },
            measured: measured
        )["x"];
        gradient.Type.ShouldBe(DataType.Float);
        var outer = 1 / (1 + Math.Exp(-0.5));
        gradient.ToDoubles()[0].ShouldBe(0.25 * outer * (1 - outer), 1e-7);
    }

    [Fact]
    public void A_gradient_graph_can_be_differentiated_under_the_same_names()
    {
        var model = OfX().Output("y", DataType.Double, 3L).Node("Tanh x -> y").Load();
        var shapes = Runtime.ShapeProbe.Measure(model);
        var first = ReverseMode.Differentiate(model, "y", ["x"], shapes)["x"];
        var second = ReverseMode.Differentiate(model, first, ["x"], shapes)["x"];
        model.Graph.AddOutput(new Onnx.Wire.ValueInfoProto { Name = second });
        ModelVerifier.Check(model).ShouldBeEmpty();
        using var session = Runtime.Session.Open(model);
        var t = Math.Tanh(0.5);
        session
            .Run(new Dictionary<string, TensorData> { ["x"] = X })[second]
            .ToDoubles()[0]
            .ShouldBe(-2 * t * (1 - t * t), 1e-12);
    }
}
