using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>A small recommender, written and differentiated in the form of each opset.</summary>
public class OpsetTests
{
    [Theory]
    [InlineData(11, true)]
    [InlineData(12, true)]
    [InlineData(13, true)]
    [InlineData(13, false)]
    [InlineData(17, false)]
    [InlineData(18, true)]
    [InlineData(21, true)]
    [InlineData(21, false)]
    public void Gradients_agree_with_finite_differences(int opset, bool measured)
    {
        var problem = Recommender(opset);
        var expected = FiniteDifferences.Gradient(problem, problem.Wrt);
        var actual = problem.Gradient(measured ? problem.Measure() : ShapeTable.Empty).Run();
        for (var i = 0; i < expected.Length; i++)
            FiniteDifferences.Error(expected[i], actual[i].ToDoubles()).ShouldBeLessThan(CaseCheck.FirstOrder);
    }

    // Two looked-up vectors, their product (FM), a layer, a pooled sequence, a logit.
    private static Problem Recommender(int opset)
    {
        var model = CaseModel.Model(new GraphProto { Name = "recommender" }, opset);
        var feeds = new Dictionary<string, TensorData>();
        foreach (var (name, length) in new[] { ("user", 3L), ("item", 3L), ("history", 4L) })
        {
            model.Graph.AddInput(
                name == "history"
                    ? ValueInfos.Tensor(name, DataType.Double, "batch", length, 3L)
                    : ValueInfos.Tensor(name, DataType.Double, "batch", length)
            );
            long[] dims = name == "history" ? [2, length, 3] : [2, length];
            feeds[name] = Operand.X(dims).Draw(new CounterRandom(CaseModel.Seed, name));
        }
        var e = new Emitter(model.Graph, opset, DataType.Double, "forward");
        var pooled = e.Reduce("ReduceMean", "history", [1], keepDims: false);
        var crossed = e.ReduceSum(e.Mul("user", "item"), [1], keepDims: true);
        var joined = e.Concat(["user", "item", pooled, crossed], 1);
        var weights = Operand.X(10, 2).Draw(new CounterRandom(CaseModel.Seed, "weights"));
        var hidden = e.Node(
            "Tanh",
            [e.Node("Gemm", [joined, e.Constant(weights), e.Constant(TensorData.From([0.1, 0.2], 2))])]
        );
        var last = e.Squeeze(e.Slice(e.Unsqueeze(hidden, 1), [0], [1], [1]), 1);
        var logit = e.Squeeze(e.MatMul(last, e.Constant(TensorData.From([1.0, -2], 2, 1))), 1);
        model.Graph.AddOutput(ValueInfos.Tensor(logit, DataType.Double, "batch"));
        return new Problem(model, [logit], ["user", "item", "history"], feeds);
    }
}
