using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class PrecisionTests
{
    [Fact]
    public void Everything_float32_becomes_float64_also_in_subgraphs()
    {
        var then = new SmallModel()
            .Tensor("k", TensorData.From([0.1f], 1))
            .Node("Mul x k -> t")
            .Output("t", DataType.Float, "m")
            .Proto.Graph;
        var otherwise = new SmallModel()
            .Node("Constant -> l", ("value_float", 0.25f))
            .Node("Mul x l -> u")
            .Output("u", DataType.Float, "m")
            .Proto.Graph;
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Input("c", DataType.Bool)
            .Tensor("id", TensorData.Int64s(1))
            .Node("If c -> chosen", ("then_branch", then), ("else_branch", otherwise))
            .Node("Cast id -> f", ("to", (long)DataType.Float))
            .Node("Shape x -> s")
            .Node("ConstantOfShape s -> z")
            .Node("Add chosen f -> w")
            .Node("Add w z -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        var wide = Precision.ToDouble(model);
        model.Graph.Outputs[0].ElementType().ShouldBe(DataType.Float);
        using var session = Session.Open(OnnxModel.Load(wide.ToBytes()));
        var feeds = new Dictionary<string, TensorData> { ["x"] = TensorData.From([3.0], 1) };
        // The float32 constant 0.1 keeps its float32 value; arithmetic is in float64.
        feeds["c"] = TensorData.Scalar(true);
        session.Run(feeds)["y"].Values.ShouldBe(new[] { 3.0 * 0.1f + 1 });
        feeds["c"] = TensorData.Scalar(false);
        session.Run(feeds)["y"].Values.ShouldBe(new[] { 1.75 });
    }

    public static TheoryData<string> Models => RealCase.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Real_models_compute_the_same_in_float64(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        using var single = Session.Open(model);
        using var wide = Session.Open(Precision.ToDouble(model));
        var feeds = RealModelTests.Feeds(model, 8);
        var expected = single.Run(feeds);
        var got = wide.Run(
            feeds.ToDictionary(
                f => f.Key,
                f => f.Value.Type == DataType.Float ? f.Value.Cast(DataType.Double) : f.Value
            )
        );
        foreach (var (output, tensor) in got)
        {
            tensor.Type.ShouldBe(DataType.Double);
            foreach (var (a, b) in tensor.ToDoubles().Zip(expected[output].ToDoubles()))
                a.ShouldBe(b, 1e-5);
        }
    }
}
