using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class OperatorFormsTests
{
    // Source: Changelog.md of the ONNX operators.
    [Theory]
    [InlineData("ReduceSum", 13)]
    [InlineData("Squeeze", 13)]
    [InlineData("Unsqueeze", 13)]
    [InlineData("ReduceMean", 18)]
    [InlineData("ReduceMax", 18)]
    [InlineData("ReduceProd", 18)]
    [InlineData("ReduceL2", 18)]
    public void Axes_became_an_input(string op, int since) => OperatorForms.AxesAsInputSince(op).ShouldBe(since);

    [Theory]
    [InlineData("Slice", 10)]
    [InlineData("TopK", 10)]
    [InlineData("Clip", 11)]
    [InlineData("Pad", 11)]
    [InlineData("Dropout", 12)]
    [InlineData("Split", 13)]
    public void Parameters_became_inputs(string op, int since) =>
        OperatorForms.ParametersAsInputSince(op).ShouldBe(since);

    [Fact]
    public void Axes_are_read_in_either_form()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "n", 2)
            .Input("computed", DataType.Int64, 1)
            .Tensor("axes", TensorData.Int64s(1))
            .Node("ReduceSum x axes -> input")
            .Node("ReduceMean x -> attribute", ("axes", new long[] { 0, 1 }))
            .Node("ReduceSum x -> none")
            .Node("ReduceSum x computed -> late");
        var graph = new Graph(small.Proto.Graph);
        long[]? Axes(string value) => OperatorForms.Axes(graph, graph.Producer(value)!);
        Axes("input").ShouldBe([1]);
        Axes("attribute").ShouldBe([0, 1]);
        Axes("none").ShouldBeNull();
        Should
            .Throw<AssayException>(() => Axes("late"))
            .Message.ShouldBe(
                "ReduceSum 'n_late' (output 'late'): 'axes' is computed by the graph; only constant ones are supported here."
            );
    }

    [Fact]
    public void Declarations_are_read_and_written()
    {
        var info = ValueInfos.Tensor("x", DataType.Float16, "batch", null, 3, -1);
        info.ElementType().ShouldBe(DataType.Float16);
        // A negative dimension is how some exporters write an unknown one.
        info.Shape().ShouldBe([null, null, 3, null]);
        info.Symbols().ShouldBe(["batch", null, null, null]);
        info.ShapeText().ShouldBe("[batch, ?, 3, -1]");
        ValueInfos.Tensor("x", DataType.Float, null).Shape().ShouldBeNull();
        new Wire.ValueInfoProto { Name = "s" }
            .ElementType()
            .ShouldBe(DataType.Undefined);
    }

    [Fact]
    public void Tensors_convert_and_refuse()
    {
        TensorData.From([long.MaxValue - 1], 1).ToInt64s().ShouldBe([long.MaxValue - 1]);
        TensorData.From([1.9, -1.9], 2).ToInt64s().ShouldBe([1, -1]);
        TensorData.From([true, false], 2).ToDoubles().ShouldBe([1, 0]);
        TensorData.From([0.1f], 1).Cast(DataType.Double).Values.ShouldBe(new[] { (double)0.1f });
        TensorData.From([1, 2, 3, 4], 4).Reshape(2, 2).ToString().ShouldBe("int32[2,2]");
        Should.Throw<ArgumentException>(() => TensorData.From([1, 2], 3));
        Should.Throw<ArgumentException>(() => TensorData.From([1, 2], -1, -2));
        Should.Throw<InvalidOperationException>(() => TensorData.From(["a"], 1).ToDoubles());
        Should.Throw<ArgumentException>(() => TensorData.From([1m], 1));
    }
}
