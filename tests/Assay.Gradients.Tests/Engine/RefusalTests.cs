using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>What has no gradient is an error of one line that names the node and what still works.</summary>
public class RefusalTests
{
    private const string StillWork =
        "Methods that need no gradient still work: feature-ablation, shapley, permutation.";

    private static SmallModel OfX(int opset = 17) => new SmallModel(opset).Input("x", DataType.Double, 3L);

    [Fact]
    public void An_operator_without_a_rule() =>
        OfX()
            .Node("LpPool x -> y")
            .Refusal()
            .ShouldBe(
                $"No gradient through LpPool 'n_y' (output 'y'): operator LpPool has no gradient rule. {StillWork}"
            );

    [Fact]
    public void An_operator_of_another_domain()
    {
        var small = OfX().Node("Add x x -> y");
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme", Version = 1 });
        small.Proto.Graph.Node[0].Domain = "acme";
        small.Refusal().ShouldContain("acme.Add 'n_y'");
    }

    [Fact]
    public void An_operator_without_a_rule_inside_a_branch()
    {
        var branch = new GraphProto { Name = "branch" };
        branch.Node.Add(SmallModel.NodeOf("LpPool x -> inner"));
        branch.Output.Add(ValueInfos.Tensor("inner", DataType.Double, 3L));
        var other = branch.Clone();
        OfX()
            .Input("condition", DataType.Bool)
            .Node("If condition -> y", ("then_branch", branch), ("else_branch", other))
            .Refusal()
            .ShouldBe(
                $"No gradient through LpPool 'n_inner' (output 'inner'): operator LpPool has no gradient rule. {StillWork}"
            );
    }

    [Fact]
    public void A_form_of_an_older_opset() =>
        OfX(11).Node("Softmax x -> y").Refusal().ShouldContain("its rule needs opset 13, the model has 11");

    [Fact]
    public void An_opset_too_old() =>
        OfX(10)
            .Node("Exp x -> y")
            .Refusal()
            .ShouldBe($"Gradients need opset 11, the model has 10: export it with a later one. {StillWork}");

    [Fact]
    public void Repeated_rows_below_opset_16()
    {
        var small = OfX(15).Tensor("ids", TensorData.Int64s(1, 1)).Node("Gather x ids -> y");
        small.Refusal().ShouldContain("need opset 16");
    }

    [Fact]
    public void Unknown_shapes_below_opset_13()
    {
        var model = OfX(11).Output("y", DataType.Double, 3L).Node("Mul x x -> y").Load();
        var error = Should.Throw<AssayException>(() => ReverseMode.Differentiate(model, "y", ["x"], ShapeTable.Empty));
        error.Message.ShouldContain("opset 11 cannot sum over computed axes");
    }

    [Fact]
    public void Training_mode()
    {
        OfX()
            .Tensor("p", TensorData.Scalar(0.5))
            .Tensor("on", TensorData.Scalar(true))
            .Node("Dropout x p on -> y")
            .Refusal()
            .ShouldContain("export the model in evaluation mode");
    }

    [Theory]
    [InlineData("...i,...i->...", "ellipsis")]
    [InlineData("ii,i->i", "diagonal")]
    public void Equations_with(string equation, string what)
    {
        var small = new SmallModel()
            .Input("x", DataType.Double, 3L, 3L)
            .Input("z", DataType.Double, equation[0] == 'i' ? [3L] : [3L, 3L]);
        small.Node("Einsum x z -> y", ("equation", equation)).Refusal().ShouldContain(what);
    }

    [Fact]
    public void Scatters_that_multiply() =>
        OfX()
            .Tensor("at", TensorData.Int64s(0))
            .Tensor("v", TensorData.From([1.0], 1))
            .Node("ScatterElements x at v -> y", ("reduction", "mul"))
            .Refusal()
            .ShouldContain("reduction 'mul'");

    [Fact]
    public void Statistics_of_a_layer_normalisation() =>
        OfX()
            .Tensor("scale", TensorData.From([1.0, 1, 1], 3))
            .Node("LayerNormalization x scale -> n mean")
            .Node("Mul n mean -> y")
            .Refusal()
            .ShouldContain("only its first output");

    [Fact]
    public void A_bound_that_is_asked_for() =>
        OfX()
            .Input("low", DataType.Double)
            .Node("Clip x low -> y")
            .Refusal("low")
            .ShouldStartWith("No gradient through Clip 'n_y' (output 'y'): there is no rule for its input 'low'.");

    [Fact]
    public void An_unknown_value() =>
        OfX().Node("Neg x -> y").Refusal("z").ShouldBe("The graph has no value 'z' to differentiate.");

    [Fact]
    public void An_integer() =>
        OfX()
            .Input("ids", DataType.Int64, 2L)
            .Node("Gather x ids -> y")
            .Refusal("ids")
            .ShouldContain("'ids' is not of a floating-point type");
}
