using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Model-local functions compute and differentiate as what they stand for.</summary>
public class FunctionTests
{
    private static readonly TensorData X = TensorData.From([-2.0, 0.5, 3], 3);

    // y = outer(x) with outer(x) = leaky(sin x)·x, leaky of another domain and by attribute: slope given or its default.
    [Theory]
    [InlineData(null, 0.25)]
    [InlineData(0.5, 0.5)]
    public void Nested_in_several_domains_with_attributes(double? given, double slope)
    {
        var small = new SmallModel().Input("x", DataType.Double, 3L);
        (string, object)[] attributes = given is { } g ? [("alpha", (float)g)] : [];
        small.Node("Outer x -> y", attributes).Returns("y");
        small.Proto.Graph.Node[0].Domain = "acme.outer";
        small.Proto.Functions.Add(Outer());
        small.Proto.Functions.Add(Leaky());
        foreach (var domain in new[] { "acme.outer", "acme.inner" })
            small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        var (model, shapes) = ModelPreparation.Prepare(new OnnxModel(small.Proto));
        model.Proto.Functions.ShouldBeEmpty();
        var gradient = ReverseMode.Differentiate(model, "y", ["x"], shapes)["x"];
        model.Graph.AddOutput(new ValueInfoProto { Name = gradient });
        using var session = Session.Open(model);
        var values = session.Run(new Dictionary<string, TensorData> { ["x"] = X });
        double Factor(double x) => Math.Sin(x) > 0 ? 1 : slope;
        values["y"].ShouldBeNear([.. X.ToDoubles().Select(x => x * Factor(x) * Math.Sin(x))]);
        values[gradient].ShouldBeNear([.. X.ToDoubles().Select(x => Factor(x) * (Math.Sin(x) + x * Math.Cos(x)))]);
    }

    private static FunctionProto Outer()
    {
        var function = new FunctionProto
        {
            Name = "Outer",
            Domain = "acme.outer",
            Input = { "x" },
            Output = { "y" },
        };
        function.AttributeProto.Add(
            new AttributeProto
            {
                Name = "alpha",
                Type = AttributeProto.Types.AttributeType.Float,
                F = 0.25f,
            }
        );
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme.inner", Version = 1 });
        function.Node.Add(SmallModel.NodeOf("Sin x -> wave"));
        var call = SmallModel.NodeOf("Leaky wave -> bent");
        call.Domain = "acme.inner";
        call.Attribute.Add(Reference("slope", "alpha"));
        function.Node.Add(call);
        function.Node.Add(SmallModel.NodeOf("Mul bent x -> y"));
        return function;
    }

    private static FunctionProto Leaky()
    {
        var function = new FunctionProto
        {
            Name = "Leaky",
            Domain = "acme.inner",
            Input = { "v" },
            Output = { "w" },
            Attribute = { "slope" },
        };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        var constant = SmallModel.NodeOf("Constant -> factor");
        constant.Attribute.Add(Reference("value_float", "slope"));
        function.Node.Add(constant);
        var cast = SmallModel.NodeOf("CastLike factor v -> typed");
        function.Node.Add(cast);
        function.Node.Add(SmallModel.NodeOf("PRelu v typed -> w"));
        return function;
    }

    private static AttributeProto Reference(string name, string of) =>
        new()
        {
            Name = name,
            RefAttrName = of,
            Type = AttributeProto.Types.AttributeType.Float,
        };
}
