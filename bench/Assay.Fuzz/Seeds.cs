using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using Google.Protobuf;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Fuzz;

/// <summary>The small recommenders that are mutated: each uses other operators that exports contain.</summary>
internal static class Seeds
{
    /// <summary>All seeds, in a fixed order; the models of a folder are appended by name.</summary>
    public static IReadOnlyList<byte[]> All(string? folder)
    {
        SmallModel[] small =
        [
            Embedding("Relu"),
            Embedding("Gelu", 20),
            FactorisationMachine(),
            Cross(),
            Attention(),
            Bag(),
            OneHot(),
            Branch(),
            Loop(),
            Normalised(),
            Clipped(),
            Reduced(),
            Strings(),
            Shapes(),
            ControlFlowSeeds.Rows(),
            ControlFlowSeeds.RaggedBags(),
            ControlFlowSeeds.Branches(),
            ControlFlowSeeds.Scan(),
            ControlFlowSeeds.Encoded(),
        ];
        var seeds = small.Select(s => s.Proto.ToByteArray()).ToList();
        if (folder is not null)
            seeds.AddRange(
                Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            );
        return seeds;
    }

    internal static TensorData Weights(params long[] dims) =>
        TensorData.From(
            [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (p, d) => p * d)).Select(i => 0.3f * MathF.Sin(i + 1))],
            dims
        );

    private static SmallModel Ids(int opset, int fields = 2) =>
        new SmallModel(opset).Input("ids", DataType.Int64, "batch", fields).Tensor("table", Weights(7, 3));

    // Two fields, numbers, one hidden layer.
    private static SmallModel Embedding(string activation, int opset = 17) =>
        Ids(opset)
            .Input("dense", DataType.Float, "batch", 2)
            .Node("Gather table ids -> e", ("axis", 0L))
            .Node("Flatten e -> flat", ("axis", 1L))
            .Node("Concat flat dense -> x", ("axis", 1L))
            .Tensor("w1", Weights(8, 4))
            .Tensor("b1", Weights(4))
            .Node("Gemm x w1 b1 -> h")
            .Node($"{activation} h -> a")
            .Tensor("w2", Weights(1, 4))
            .Tensor("b2", Weights(1))
            .Node("Gemm a w2 b2 -> logit", ("transB", 1L))
            .Node("Sigmoid logit -> p")
            .Output("p", DataType.Float, "batch", 1);

    private static SmallModel FactorisationMachine() =>
        Ids(17, 3)
            .Node("Gather table ids -> e", ("axis", 0L))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("ReduceSum e axis -> sum", ("keepdims", 0L))
            .Node("Mul sum sum -> squared")
            .Node("Mul e e -> squares")
            .Node("ReduceSum squares axis -> sums", ("keepdims", 0L))
            .Node("Sub squared sums -> pairs")
            .Node("ReduceSum pairs axis -> logit", ("keepdims", 0L))
            .Output("logit", DataType.Float, "batch");

    private static SmallModel Cross() =>
        new SmallModel(13)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("w", Weights(3, 3))
            .Tensor("b", Weights(3))
            .Node("MatMul x w -> xw")
            .Node("Add xw b -> xwb")
            .Node("Mul x xwb -> cross")
            .Node("Add cross x -> next")
            .Node("Transpose next -> t", ("perm", new[] { 1L, 0L }))
            .Tensor("v", Weights(1, 3))
            .Node("MatMul v t -> row")
            .Node("Transpose row -> y", ("perm", new[] { 1L, 0L }))
            .Output("y", DataType.Float, "batch", 1);

    private static SmallModel Attention() =>
        Ids(17, 4)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("low", TensorData.Scalar(-1e9f))
            .Node("Gather table ids -> h", ("axis", 0L))
            .Node("Equal ids zero -> padding")
            .Tensor("q", Weights(3, 1))
            .Node("MatMul h q -> scores3")
            .Tensor("two", TensorData.Int64s(2))
            .Node("Squeeze scores3 two -> scores")
            .Node("Where padding low scores -> masked")
            .Node("Softmax masked -> weights", ("axis", -1L))
            .Node("Unsqueeze weights one -> row")
            .Node("MatMul row h -> pooled")
            .Node("ReduceMean pooled -> y", ("axes", new[] { 1L, 2L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Bag() =>
        Ids(17, 4)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("least", TensorData.Scalar(1f))
            .Tensor("two", TensorData.Int64s(2))
            .Node("Gather table ids -> h")
            .Node("Greater ids zero -> filled")
            .Node("Cast filled -> mask", ("to", 1L))
            .Node("Unsqueeze mask two -> column")
            .Node("Mul h column -> kept")
            .Node("ReduceSum kept one -> sum", ("keepdims", 0L))
            .Node("ReduceSum mask one -> n", ("keepdims", 1L))
            .Node("Max n least -> count")
            .Node("Div sum count -> mean")
            .Tensor("w", Weights(3, 2))
            .Node("MatMul mean w -> heads")
            .Output("heads", DataType.Float, "batch", 2);

    private static SmallModel OneHot() =>
        new SmallModel(17)
            .Input("id", DataType.Int64, "batch")
            .Tensor("depth", TensorData.Scalar(5L))
            .Tensor("values", TensorData.From([0f, 1f], 2))
            .Node("OneHot id depth values -> hot", ("axis", -1L))
            .Tensor("w", Weights(5, 2))
            .Node("MatMul hot w -> e")
            .Node("Tanh e -> a")
            .Tensor("v", Weights(2, 1))
            .Node("MatMul a v -> y")
            .Output("y", DataType.Float, "batch", 1);

    private static SmallModel Branch() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("yes", TensorData.Scalar(true))
            .Node(
                "If yes -> h",
                ("then_branch", new SmallModel().Node("Neg x -> t").Output("t", DataType.Float).Proto.Graph),
                ("else_branch", new SmallModel().Node("Exp x -> u").Output("u", DataType.Float).Proto.Graph)
            )
            .Node("ReduceMax h -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Loop()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("go", DataType.Bool));
        body.Input.Add(ValueInfos.Tensor("state", DataType.Float, null));
        body.Node.Add(SmallModel.NodeOf("Add state x -> next"));
        body.Node.Add(SmallModel.NodeOf("Identity go -> on"));
        body.Output.Add(ValueInfos.Tensor("on", DataType.Bool));
        body.Output.Add(ValueInfos.Tensor("next", DataType.Float, null));
        return new SmallModel(17)
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("three", TensorData.Scalar(3L))
            .Tensor("true", TensorData.Scalar(true))
            .Node("Loop three true x -> end", ("body", body))
            .Node("ReduceL2 end -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");
    }

    private static SmallModel Normalised() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 4)
            .Tensor("one", TensorData.Scalar(1f))
            .Node("Add x one -> x1")
            .Node("Log x1 -> logs")
            .Tensor("scale", Weights(4))
            .Tensor("shift", Weights(4))
            .Node("LayerNormalization logs scale shift -> n", ("axis", -1L))
            .Tensor("mean", Weights(4))
            .Tensor("variance", TensorData.From([1f, 2, 3, 4], 4))
            .Node("BatchNormalization n scale shift mean variance -> bn")
            .Node("Softmax bn -> s", ("axis", 1L))
            .Node("Split s -> left right", ("axis", 1L))
            .Node("Mul left right -> m")
            .Tensor("axis", TensorData.Int64s(1))
            .Node("ReduceSum m axis -> y", ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Clipped() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("low", TensorData.Scalar(0f))
            .Tensor("high", TensorData.Scalar(6f))
            .Node("Clip x low high -> c")
            .Tensor("slope", Weights(3))
            .Node("PRelu c slope -> p")
            .Tensor("power", TensorData.Scalar(2f))
            .Node("Pow p power -> q")
            .Tensor("pads", TensorData.Int64s(0, 1, 0, 1))
            .Node("Pad q pads -> padded")
            .Tensor("starts", TensorData.Int64s(1))
            .Tensor("ends", TensorData.Int64s(4))
            .Tensor("axes", TensorData.Int64s(1))
            .Node("Slice padded starts ends axes -> cut")
            .Node("Einsum cut cut -> y", ("equation", "bi,bi->b"))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Reduced() =>
        new SmallModel(18)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("k", TensorData.Int64s(2))
            .Node("TopK x k -> top at", ("axis", 1L))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("CumSum top axis0 -> sums")
            .Tensor("axis0", TensorData.Scalar(1L))
            .Node("GatherElements sums at0 -> picked", ("axis", 1L))
            .Node("Cast at -> at0", ("to", 7L))
            .Node("ReduceLogSumExp picked axis -> y", ("keepdims", 0L))
            .Output("y", DataType.Float, "batch")
            .Sorted();

    private static SmallModel Strings() =>
        new SmallModel(17)
            .Input("city", DataType.Int64, "batch", 1)
            .Tensor("table", TensorData.From([.. Enumerable.Range(0, 8).Select(i => (double)i)], 4, 2))
            .Node("GatherND table city -> e")
            .Node("Cast e -> f", ("to", 1L))
            .Node("ReduceProd f -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Shapes() =>
        new SmallModel(17)
            .Input("x", DataType.Float, "batch", 3)
            .Node("Shape x -> shape")
            .Node("ConstantOfShape shape -> ones", ("value", TensorData.From([1f], 1)))
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("three", TensorData.Scalar(3L))
            .Tensor("step", TensorData.Scalar(1L))
            .Node("Range zero three step -> order")
            .Node("Cast order -> ramp", ("to", 1L))
            .Node("Expand ramp shape -> wide")
            .Node("Mul x wide -> m")
            .Node("Add m ones -> a")
            .Tensor("tiles", TensorData.Int64s(1, 2))
            .Node("Tile a tiles -> tiled")
            .Tensor("target", TensorData.Int64s(-1, 6))
            .Node("Reshape tiled target -> flat")
            .Node("ReduceMin flat -> y", ("axes", new[] { 1L }), ("keepdims", 0L))
            .Output("y", DataType.Float, "batch");

    private static SmallModel Sorted(this SmallModel small)
    {
        new OnnxModel(small.Proto).Graph.SortTopologically();
        return small;
    }
}
