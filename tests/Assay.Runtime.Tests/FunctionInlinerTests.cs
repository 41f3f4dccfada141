using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class FunctionInlinerTests
{
    [Fact]
    public void A_model_without_functions_is_itself()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Node("Relu x -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        FunctionInliner.Inline(model).ShouldBeSameAs(model);
    }

    [Fact]
    public void Calls_become_bodies_and_top_level_names_stay()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Node("Neg x -> before")
            .Node("Swish before -> middle", ("slope", 2f))
            .Node("Exp middle -> y")
            .Output("y", DataType.Float, "n");
        small.Proto.Graph.Node[1].Domain = "acme";
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme", Version = 1 });
        var function = new FunctionProto { Name = "Swish", Domain = "acme" };
        function.Input.Add("a");
        function.Output.Add("b");
        function.Attribute.Add("slope");
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        var slope = new NodeProto { OpType = "Constant", Output = { "s" } };
        slope.Attribute.Add(
            new AttributeProto
            {
                Name = "value_float",
                RefAttrName = "slope",
                Type = AttributeProto.Types.AttributeType.Float,
            }
        );
        function.Node.Add(slope);
        function.Node.Add(SmallModel.NodeOf("Mul a s -> scaled"));
        function.Node.Add(SmallModel.NodeOf("Sigmoid scaled -> gate"));
        function.Node.Add(SmallModel.NodeOf("Mul a gate -> b"));
        small.Proto.Functions.Add(function);
        var model = small.Load();

        var inlined = FunctionInliner.Inline(model);
        inlined.Proto.Functions.ShouldBeEmpty();
        inlined.Proto.OpsetImport.ShouldHaveSingleItem().Version.ShouldBe(17);
        inlined.Graph.Nodes.ShouldAllBe(n => OnnxModel.IsStandard(n.Domain));
        inlined.Graph.Defines("before").ShouldBeTrue();
        inlined.Graph.Defines("middle").ShouldBeTrue();
        inlined.Graph.Nodes.Select(n => n.OpType).ShouldContain("Sigmoid");
        using var a = Session.Open(model, new SessionSettings { Optimise = false });
        using var b = Session.Open(inlined, new SessionSettings { Optimise = false });
        var feeds = new Dictionary<string, TensorData> { ["x"] = TensorData.From([-1f, 0, 2], 3) };
        b.Run(feeds)["y"].Values.ShouldBe(a.Run(feeds)["y"].Values);
    }
}
