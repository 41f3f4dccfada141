using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Baselines;

/// <summary>
/// logit = w · (Σₖ mₖ E[hₖ]) / max(1, Σₖ mₖ) + c·x with mₖ = 1 where hₖ is not padding (0): linear in what is looked up and
/// in x, so that every attribution is a difference that can be worked out by hand. The row of padding is not zero in E: only
/// the mask takes it out.
/// </summary>
internal static class PooledModel
{
    public const int Length = 3;

    private static readonly float[] Table = [0.9f, -0.7f, 0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f];
    private static readonly float[] Weights = [1.3f, -0.4f];
    private const float Slope = 0.7f;

    public static OnnxModel Load() =>
        new SmallModel()
            .Input("h", DataType.Int64, "batch", Length)
            .Input("x", DataType.Float, "batch", 1)
            .Tensor("E", TensorData.From(Table, 4, 2))
            .Tensor("w", TensorData.From(Weights, 2, 1))
            .Tensor("c", TensorData.Scalar(Slope))
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.From([1f], 1))
            .Tensor("first", TensorData.Int64s(1))
            .Tensor("second", TensorData.Int64s(2))
            .Node("Greater h zero -> filled")
            .Node("Cast filled -> mask", ("to", 1L))
            .Node("Unsqueeze mask second -> column")
            .Node("Gather E h -> looked")
            .Node("Mul looked column -> kept")
            .Node("ReduceSum kept first -> sum", ("keepdims", 0L))
            .Node("ReduceSum mask first -> number", ("keepdims", 1L))
            .Node("Max number one -> count")
            .Node("Div sum count -> pooled")
            .Node("MatMul pooled w -> wide")
            .Node("Mul x c -> narrow")
            .Node("Add wide narrow -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    public static Dictionary<string, TensorData> Feeds(long[][] h, float[] x) =>
        new()
        {
            ["h"] = TensorData.From(h.SelectMany(r => r).ToArray(), h.Length, Length),
            ["x"] = TensorData.From(x, x.Length, 1),
        };

    /// <summary>w · E[id].</summary>
    public static double Looked(long id) => (double)Weights[0] * Table[2 * id] + (double)Weights[1] * Table[2 * id + 1];

    /// <summary>What the history adds to the logit: ids looked up, under the masks that other ids make.</summary>
    public static double History(long[] ids, long[] masks) =>
        ids.Select((id, k) => masks[k] > 0 ? Looked(id) : 0).Sum() / Math.Max(1, masks.Count(m => m > 0));

    /// <summary>What the number adds.</summary>
    public static double Number(double x) => Slope * x;
}
