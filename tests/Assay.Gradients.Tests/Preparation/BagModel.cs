using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>
/// The Loop that <c>torch.onnx.export</c> makes of an EmbeddingBag over ids [batch, length], value for value, and
/// variants of it that mean something else.
/// </summary>
internal sealed record BagModel
{
    public string Reduction { get; init; } = "ReduceSum";

    public bool Weighted { get; init; }

    public int Opset { get; init; } = 17;

    /// <summary>The constant step between offsets; null for the width of the ids.</summary>
    public long? Step { get; init; }

    public long KeepDims { get; init; }

    public bool StopsEarly { get; init; }

    public bool LastBagOpen { get; init; }

    public bool CarriesState { get; init; }

    public object Length { get; init; } = 3L;

    public OnnxModel Build()
    {
        var small = new SmallModel(Opset)
            .Input("ids", DataType.Int64, "batch", Length)
            .Returns("out")
            .Tensor("table", TensorData.From([.. Enumerable.Range(0, 10).Select(i => 0.5f * i - 1)], 5, 2))
            .Tensor("true", TensorData.Scalar(true))
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.Scalar(1L))
            .Tensor("zeros", TensorData.Int64s(0))
            .Tensor("ones", TensorData.Int64s(1))
            .Tensor("rest", TensorData.Int64s(-1))
            .Tensor("end", TensorData.Int64s(LastBagOpen ? -1 : long.MaxValue));
        if (Weighted)
            small.Input("weights", DataType.Float, "batch", Length).Node("Reshape weights rest -> flat_weights");
        if (Step is { } step)
            small.Tensor("length", TensorData.Scalar(step));
        else
            small.Node("Shape ids -> shape1").Node("Gather shape1 one -> width").Cast("width", "length");
        small
            .Node("Shape ids -> shape0")
            .Node("ReduceProd shape0 -> product", ("keepdims", 0L))
            .Cast("product", "elements")
            .Node("Range zero elements length -> range")
            .Node("Reshape ids rest -> flat")
            .Node("Shape flat -> shape2")
            .Node("Gather shape2 zero -> count")
            .Node("Unsqueeze count zeros -> last")
            .Node("Concat range last -> starts", ("axis", 0L))
            .Node("Slice starts ones end zeros ones -> ends")
            .Node("Shape ends -> shape3")
            .Node("Gather shape3 zero -> trips")
            .Node(CarriesState ? "Loop trips true zero -> final out" : "Loop trips true -> out", ("body", Body()));
        return small.Load();
    }

    private GraphProto Body()
    {
        var body = new GraphProto { Name = "body" };
        void Node(string text, params (string, object)[] attributes) =>
            body.Node.Add(SmallModel.NodeOf(text, attributes));
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("condition", DataType.Bool));
        Node("Gather starts i -> start", ("axis", 0L));
        Node("Gather ends i -> stop", ("axis", 0L));
        Node("Unsqueeze start zeros -> start1");
        Node("Unsqueeze stop zeros -> stop1");
        Node("Slice flat start1 stop1 zeros -> bag_ids");
        Node($"Gather table bag_ids -> {(Weighted ? "looked" : "reduced")}", ("axis", 0L));
        if (Weighted)
        {
            Node("Slice flat_weights start1 stop1 zeros -> bag_weights");
            Node("Unsqueeze bag_weights ones -> column");
            Node("Mul looked column -> reduced");
        }
        if (Opset >= OperatorForms.AxesAsInputSince(Reduction))
            Node($"{Reduction} reduced zeros -> bag", ("keepdims", KeepDims));
        else
            Node($"{Reduction} reduced -> bag", ("keepdims", KeepDims), ("axes", new[] { 0L }));
        if (StopsEarly)
            Node("Less i one -> go_on");
        else
            Node("Cast true -> go_on", ("to", (long)DataType.Bool));
        body.Output.Add(ValueInfos.Tensor("go_on", DataType.Bool));
        if (CarriesState)
        {
            body.Input.Add(ValueInfos.Tensor("state", DataType.Int64));
            Node("Add state i -> next");
            body.Output.Add(ValueInfos.Tensor("next", DataType.Int64));
        }
        body.Output.Add(ValueInfos.Tensor("bag", DataType.Float, null));
        return body;
    }
}
