using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Fuzz;

/// <summary>Small models with loops, branches and encoders of another domain.</summary>
internal static class ControlFlowSeeds
{
    private static GraphProto Body(DataType type, params string[] nodes)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("go", DataType.Bool));
        body.Node.AddRange(nodes.Select(n => SmallModel.NodeOf(n)));
        body.Node.Add(SmallModel.NodeOf("Identity go -> on"));
        body.Output.Add(ValueInfos.Tensor("on", DataType.Bool));
        body.Output.Add(ValueInfos.Tensor("out", type, null));
        return body;
    }

    /// <summary>A loop over the rows of the batch.</summary>
    public static SmallModel Rows() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("true", TensorData.Scalar(true))
            .Tensor("w", Seeds.Weights(3))
            .Node("Shape x -> shape")
            .Node("Gather shape zero -> rows")
            .Node(
                "Loop rows true -> h",
                ("body", Body(DataType.Float, "Gather x i -> r", "Mul r w -> p", "Tanh p -> out"))
            )
            .Node("ReduceMean h -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    /// <summary>An EmbeddingBag over bags of one id each, as a loop over offsets.</summary>
    public static SmallModel RaggedBags()
    {
        string[] nodes =
        [
            "Gather offsets i -> a",
            "Gather ends i -> b",
            "Unsqueeze a zeros -> from",
            "Unsqueeze b zeros -> to",
            "Slice ids from to zeros -> bag",
            "Gather table bag -> e",
            "ReduceSum e zeros -> out",
        ];
        var body = Body(DataType.Float, nodes);
        body.Node[6].Set("keepdims", 0L);
        return new SmallModel(13)
            .Input("ids", DataType.Int64, "batch")
            .Tensor("table", Seeds.Weights(7, 3))
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.Scalar(1L))
            .Tensor("true", TensorData.Scalar(true))
            .Tensor("zeros", TensorData.Int64s(0))
            .Tensor("ones", TensorData.Int64s(1))
            .Tensor("end", TensorData.Int64s(long.MaxValue))
            .Node("Shape ids -> shape")
            .Node("Gather shape zero -> count")
            .Node("Range zero count one -> range")
            .Node("Concat range shape -> offsets", ("axis", 0L))
            .Node("Slice offsets ones end zeros -> ends")
            .Node("Loop count true -> bags", ("body", body))
            .Tensor("w", Seeds.Weights(3, 1))
            .Node("MatMul bags w -> y")
            .Output("y", DataType.Float, "batch", 1);
    }

    /// <summary>A branch that data decide.</summary>
    public static SmallModel Branches() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("zero", TensorData.Scalar(0f))
            .Node("ReduceSum x -> sum", ("keepdims", 0L))
            .Node("Greater sum zero -> positive")
            .Node(
                "If positive -> h",
                ("then_branch", new SmallModel().Node("Mul x x -> t").Output("t", DataType.Float).Proto.Graph),
                ("else_branch", new SmallModel().Node("Neg x -> u").Output("u", DataType.Float).Proto.Graph)
            )
            .Node("ReduceMax h -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    /// <summary>A scan over the batch that carries nothing.</summary>
    public static SmallModel Scan()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("r", DataType.Float, null));
        body.Node.Add(SmallModel.NodeOf("Softplus r -> out"));
        body.Output.Add(ValueInfos.Tensor("out", DataType.Float, null));
        return new SmallModel(17)
            .Input("x", DataType.Float, "batch", 2)
            .Node("Scan x -> h", ("body", body), ("num_scan_inputs", 1L))
            .Node("ReduceSumSquare h -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");
    }

    /// <summary>Strings, encoded in front of the network.</summary>
    public static SmallModel Encoded()
    {
        var small = new SmallModel(17)
            .Input("city", DataType.String, "batch", 1)
            .Node(
                "LabelEncoder city -> code",
                ("keys_strings", new[] { "a", "b" }),
                ("values_int64s", new[] { 1L, 2 }),
                ("default_int64", 0L)
            )
            .Tensor("table", Seeds.Weights(3, 2))
            .Node("Gather table code -> e")
            .Node("Flatten e -> f")
            .Tensor("w", Seeds.Weights(2, 1))
            .Node("MatMul f w -> y")
            .Output("y", DataType.Float, "batch", 1);
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        small.Proto.Graph.Node[0].Domain = "ai.onnx.ml";
        return small;
    }
}
