using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Loops of known length written out compute what ONNX Runtime's loops do, and can be differentiated.</summary>
public class StaticLoopTests
{
    private static readonly TensorData X = TensorData.From([0.5, -1, 2, 1, 0.25, -0.5], 2, 3);

    [Fact]
    public void A_loop_that_carries_state() =>
        ShouldAgree(Loop().Tensor("trips", TensorData.Scalar(3L)), "state", "all");

    [Fact]
    public void A_loop_over_a_dimension() =>
        ShouldAgree(
            Loop()
                .Tensor("second", TensorData.Scalar(1L))
                .Node("Shape x -> shape")
                .Node("Gather shape second -> trips"),
            "state",
            "all"
        );

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_scan(long backwards, long outputBackwards)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("s", DataType.Double, null));
        body.Input.Add(ValueInfos.Tensor("e", DataType.Double, null));
        body.Node.Add(SmallModel.NodeOf("Mul s e -> product"));
        body.Node.Add(SmallModel.NodeOf("Add product x0 -> next"));
        body.Node.Add(SmallModel.NodeOf("Tanh next -> out"));
        foreach (var output in new[] { "next", "out" })
            body.Output.Add(ValueInfos.Tensor(output, DataType.Double, null));
        var small = OfX()
            .Tensor("start", TensorData.From([1.0, 2], 2))
            .Tensor("zero", TensorData.Scalar(0L))
            .Node("Gather x zero -> x0", ("axis", 1L))
            .Node(
                "Scan start x -> state all",
                ("body", body),
                ("num_scan_inputs", 1L),
                ("scan_input_axes", new[] { 1L }),
                ("scan_output_axes", new[] { -1L }),
                ("scan_input_directions", new[] { backwards }),
                ("scan_output_directions", new[] { outputBackwards })
            );
        ShouldAgree(small, "state", "all");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public void A_loop_over_the_batch_or_a_long_one_is_refused(long trips)
    {
        var small = Loop("batch").Returns("state").Returns("all");
        if (trips == 1)
            small.Tensor("first", TensorData.Scalar(0L)).Node("Shape x -> shape").Node("Gather shape first -> trips");
        else
            small.Tensor("trips", TensorData.Scalar(trips));
        var (model, shapes) = ModelPreparation.Prepare(Sorted(small));
        var error = Should.Throw<AssayException>(() => ReverseMode.Differentiate(model, "state", ["x"], shapes));
        error.Message.ShouldStartWith("No gradient through Loop");
        error.Message.ShouldContain(
            "carries values from one iteration to the next; a loop that does is differentiated only"
        );
        error.Message.ShouldEndWith(
            "Methods that need no gradient still work: feature-ablation, shapley, permutation."
        );
    }

    private static SmallModel OfX(object? batch = null) =>
        new SmallModel().Input("x", DataType.Double, batch ?? 2L, 3L);

    // state ← sin(state · tanh x) + i
    private static SmallModel Loop(object? batch = null)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("go", DataType.Bool));
        body.Input.Add(ValueInfos.Tensor("s", DataType.Double, null));
        body.Node.Add(SmallModel.NodeOf("Identity go -> on"));
        body.Node.Add(SmallModel.NodeOf("Mul s y -> product"));
        body.Node.Add(SmallModel.NodeOf("Sin product -> wave"));
        body.Node.Add(SmallModel.NodeOf("Cast i -> number", ("to", (long)DataType.Double)));
        body.Node.Add(SmallModel.NodeOf("Add wave number -> next"));
        body.Node.Add(SmallModel.NodeOf("Add next one -> out"));
        body.Initializer.Add(TensorData.Scalar(1.0).ToProto("one"));
        body.Output.Add(ValueInfos.Tensor("on", DataType.Bool));
        foreach (var output in new[] { "next", "out" })
            body.Output.Add(ValueInfos.Tensor(output, DataType.Double, null));
        return OfX(batch)
            .Tensor("true", TensorData.Scalar(true))
            .Node("Sigmoid x -> start")
            .Node("Tanh x -> y")
            .Node("Loop trips true start -> state all", ("body", body));
    }

    private static OnnxModel Sorted(SmallModel small)
    {
        var model = new OnnxModel(small.Proto);
        model.Graph.SortTopologically();
        return model;
    }

    private static void ShouldAgree(SmallModel small, params string[] outputs)
    {
        foreach (var output in outputs)
            small.Returns(output);
        var model = Sorted(small);
        var feeds = new Dictionary<string, TensorData> { ["x"] = X };
        var (prepared, _) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => n.OpType != "Loop" && n.OpType != "Scan");
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        using (var session = Session.Open(model))
        using (var unrolled = Session.Open(prepared))
            foreach (var output in outputs)
                unrolled.Run(feeds)[output].ShouldBeNear(session.Run(feeds)[output].ToDoubles());
        var expected = FiniteDifferences.Gradient(new Problem(model, outputs, ["x"], feeds).Summed(), ["x"]);
        var problem = new Problem(prepared, outputs, ["x"], feeds).Summed();
        var actual = problem.Gradient(problem.Measure()).Run();
        FiniteDifferences.Error(expected[0], actual[0].ToDoubles()).ShouldBeLessThan(CaseCheck.FirstOrder);
    }
}
