using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Tests;

/// <summary>Models small enough to know their attributions on paper.</summary>
internal static class Models
{
    /// <summary>Weights of <see cref="Linear"/>.</summary>
    public static readonly float[] Weights = [2, -3, 0.5f];

    /// <summary>score = x · w + 0.25.</summary>
    public static SmallModel Linear() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("w", TensorData.From(Weights, 3, 1))
            .Tensor("b", TensorData.From([0.25f], 1))
            .Node("Gemm x w b -> score")
            .Output("score", DataType.Float, "batch", 1);

    /// <summary>Rows of the embedding table of <see cref="Fm"/>, two numbers each, and the linear weights.</summary>
    public static readonly float[] Table = [0, 0, 1, 2, -1, 0.5f, 0.25f, -2, 3, 1];

    public static readonly float[] Linears = [0, 0.5f, -1, 2, 0.125f];

    /// <summary>
    /// A factorisation machine over three ids of one vocabulary of five: click = σ(Σ lᵢ + ½ Σ_d ((Σ eᵢ)² − Σ eᵢ²)).
    /// </summary>
    public static SmallModel Fm() =>
        new SmallModel(opset: 13)
            .Input("ids", DataType.Int64, "batch", 3)
            .Tensor("table", TensorData.From(Table, 5, 2))
            .Tensor("linear", TensorData.From(Linears, 5, 1))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("both", TensorData.Int64s(1, 2))
            .Tensor("half", TensorData.From([0.5f], 1))
            .Node("Gather table ids -> e", ("axis", 0L))
            .Node("Gather linear ids -> l", ("axis", 0L))
            .Node("ReduceSum l both -> first", ("keepdims", 0L))
            .Node("ReduceSum e one -> sum", ("keepdims", 0L))
            .Node("Mul sum sum -> square_of_sum")
            .Node("Mul e e -> squares")
            .Node("ReduceSum squares one -> sum_of_squares", ("keepdims", 0L))
            .Node("Sub square_of_sum sum_of_squares -> twice")
            .Node("ReduceSum twice one -> pairs2", ("keepdims", 0L))
            .Node("Mul pairs2 half -> pairs")
            .Node("Add first pairs -> logit")
            .Node("Sigmoid logit -> click")
            .Output("click", DataType.Float, "batch");

    /// <summary>A linear model through an operator that has no gradient rule.</summary>
    public static SmallModel WithoutRule() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("middle", TensorData.Int64s(1))
            .Node("Unsqueeze x middle -> wide")
            .Node("LpPool wide -> hard", ("kernel_shape", new long[] { 1 }))
            .Node("Mul hard wide -> y")
            .Tensor("rest", TensorData.Int64s(1, 2))
            .Node("ReduceSum y rest -> score", ("keepdims", 0L))
            .Output("score", DataType.Float, "batch");

    public const string LinearRows = """{"x": [[1, 2, 3], [0.5, -1, 0]]}""";

    public const string FmRows = """{"ids": [[1, 2, 3], [4, 0, 1]]}""";
}
