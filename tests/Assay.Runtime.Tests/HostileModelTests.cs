using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

/// <summary>Models that crashed ONNX Runtime or kept it busy, found by mutating others, are refused or made harmless.</summary>
public class HostileModelTests
{
    private static SmallModel OfX(int opset = 17) => new SmallModel(opset).Input("x", DataType.Float, "batch", 4L);

    private static GraphProto Body(string condition)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("go", DataType.Bool));
        body.Input.Add(ValueInfos.Tensor("s", DataType.Float, null));
        body.Node.Add(SmallModel.NodeOf("Add s x -> next"));
        body.Node.Add(SmallModel.NodeOf(condition));
        body.Output.Add(ValueInfos.Tensor("on", DataType.Bool));
        body.Output.Add(ValueInfos.Tensor("next", DataType.Float, null));
        return body;
    }

    [Fact]
    public void A_loop_that_hardly_ends() =>
        Refusal(
                OfX()
                    .Tensor("trips", TensorData.Scalar(1L << 40))
                    .Tensor("true", TensorData.Scalar(true))
                    .Node("Loop trips true x -> y", ("body", Body("Identity go -> on")))
                    .Output("y", DataType.Float, "batch", 4L)
            )
            .ShouldStartWith("Loop 'n_y' (output 'y') runs more than 262144 times");

    [Fact]
    public void A_loop_that_its_condition_ends_may_count_to_anything()
    {
        var small = OfX()
            .Tensor("trips", TensorData.Scalar(long.MaxValue))
            .Tensor("three", TensorData.Scalar(3L))
            .Tensor("true", TensorData.Scalar(true))
            .Node("Loop trips true x -> y", ("body", Body("Less i three -> on")))
            .Output("y", DataType.Float, "batch", 4L);
        ShapeProbe.Measure(ConstantFolder.Fold(small.Load())).TryGet("y")!.ToString().ShouldBe("float32 [batch, 4]");
    }

    [Fact]
    public void Negative_repeats() =>
        Refusal(
                OfX()
                    .Tensor("repeats", TensorData.Int64s(0, -2))
                    .Node("Tile x repeats -> y")
                    .Output("y", DataType.Float, null, null)
            )
            .ShouldContain("a negative number of times");

    [Fact]
    public void Pads_that_wrap_around() =>
        Refusal(
                OfX()
                    .Tensor("pads", TensorData.Int64s(0, 0, 0, long.MinValue))
                    .Node("Pad x pads -> y")
                    .Output("y", DataType.Float, null, null)
            )
            .ShouldContain("makes more than");

    [Fact]
    public void A_part_of_a_split_that_nothing_asks_for()
    {
        var small = OfX().Node("Split x -> left right", ("axis", 1L)).Output("right", DataType.Float, "batch", 2L);
        small.Proto.Graph.Node[0].Output[0] = "";
        using var session = Session.Open(small.Load());
        var x = TensorData.From([1f, 2, 3, 4], 1, 4);
        session.Run(new Dictionary<string, TensorData> { ["x"] = x })["right"].Values.ShouldBe(new[] { 3f, 4 });
    }

    [Fact]
    public void A_function_with_an_operator_of_a_later_opset()
    {
        var small = OfX(8)
            .Tensor("scale", TensorData.From([1f, 1, 1, 1], 4))
            .Node("F x scale -> y")
            .Output("y", DataType.Float, "batch", 4L);
        var function = new FunctionProto { Name = "F", Domain = "local" };
        function.Input.AddRange(["x", "scale"]);
        function.Output.Add("y");
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 8 });
        function.Node.Add(SmallModel.NodeOf("LayerNormalization x scale -> y"));
        small.Proto.Functions.Add(function);
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        small.Proto.Graph.Node[0].Domain = "local";
        Should
            .Throw<AssayException>(() => FunctionInliner.Inline(small.Load()))
            .Message.ShouldContain("is an operator of opset 17");
    }

    private static string Refusal(SmallModel small) =>
        Should.Throw<AssayException>(() => ConstantFolder.Fold(small.Load())).Message;
}
