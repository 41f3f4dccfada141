using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Derivatives at kinks and singular points are the ones that the operator table promises.</summary>
public class KinkTests
{
    private static readonly TensorData X = TensorData.From([-1.0, 0, 1], 3);

    private static SmallModel OfX() => new SmallModel().Input("x", DataType.Double, 3L);

    [Fact]
    public void Relu_is_0_at_the_kink() => OfX().Node("Relu x -> y").OfX(X).ShouldBeNear(0, 0, 1);

    [Fact]
    public void Abs_is_0_at_the_kink() => OfX().Node("Abs x -> y").OfX(X).ShouldBeNear(-1, 0, 1);

    [Fact]
    public void PRelu_has_its_slope_at_the_kink() =>
        OfX().Tensor("s", TensorData.From([0.25], 1)).Node("PRelu x s -> y").OfX(X).ShouldBeNear(0.25, 0.25, 1);

    [Fact]
    public void A_tie_is_shared() => OfX().Node("Max x x -> y").OfX(X).ShouldBeNear(1, 1, 1);

    [Fact]
    public void A_tie_with_a_constant_is_halved() =>
        OfX().Tensor("c", TensorData.Scalar(0.0)).Node("Max x c -> y").OfX(X).ShouldBeNear(0, 0.5, 1);

    [Fact]
    public void A_tie_within_a_reduction_is_shared() =>
        OfX().Node("ReduceMax x -> y").OfX(TensorData.From([2.0, 2, 1], 3)).ShouldBeNear(0.5, 0.5, 0);

    [Fact]
    public void Clip_is_1_on_its_bounds() =>
        OfX()
            .Tensor("low", TensorData.Scalar(0.0))
            .Tensor("high", TensorData.Scalar(0.5))
            .Node("Clip x low high -> y")
            .OfX(X)
            .ShouldBeNear(0, 1, 0);

    [Fact]
    public void The_norm_of_zero_has_slope_0() =>
        OfX().Node("ReduceL2 x -> y").OfX(TensorData.From(new double[3], 3)).ShouldBeNear(0, 0, 0);

    [Fact]
    public void Powers_0_1_and_2_of_zero_have_their_slopes()
    {
        var small = OfX().Tensor("p", TensorData.From([0.0, 1, 2], 3)).Node("Pow x p -> y");
        small.OfX(TensorData.From(new double[3], 3)).ShouldBeNear(0, 1, 0);
    }

    [Fact]
    public void An_exponent_has_slope_0_where_the_base_is_not_positive()
    {
        var small = OfX().Tensor("p", TensorData.From([2.0], 1)).Node("Pow x p -> y");
        var gradient = small.Gradients("y", ["p"], new() { ["x"] = TensorData.From([-1.0, 0, Math.E], 3) });
        gradient["p"].ShouldBeNear(Math.E * Math.E);
    }

    // ∂²(abc) is the third factor off the diagonal, and 0 on it.
    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(0, 0, 2)]
    public void The_second_derivatives_of_a_product_with_zeros(double a, double b, double c)
    {
        var x = TensorData.From([a, b, c], 1, 3);
        var feeds = new Dictionary<string, TensorData> { ["x"] = x };
        var model = new SmallModel(18)
            .Input("x", DataType.Double, 1L, 3L)
            .Tensor("axis", TensorData.Int64s(1))
            .Node("ReduceProd x axis -> y")
            .Output("y", DataType.Double, 1L, 1L)
            .Load();
        var gradient = new Problem(model, ["y"], ["x"], feeds);
        gradient = gradient.Gradient(gradient.Measure()).Summed();
        var expected = FiniteDifferences.Gradient(gradient, ["x"])[0];
        expected.ShouldContain(v => Math.Abs(v) > 0.1);
        var second = gradient.Gradient(gradient.Measure()).Run()[0].ToDoubles();
        FiniteDifferences.Error(expected, second).ShouldBeLessThan(CaseCheck.SecondOrder);
    }

    [Theory]
    [InlineData(0, 3, 2, 6, 0, 0)]
    [InlineData(0, 0, 2, 0, 0, 0)]
    [InlineData(4, 3, 2, 6, 8, 12)]
    public void A_product_with_zeros_has_the_product_of_the_others(
        double a,
        double b,
        double c,
        double da,
        double db,
        double dc
    ) => OfX().Node("ReduceProd x -> y").OfX(TensorData.From([a, b, c], 3)).ShouldBeNear(da, db, dc);
}
