using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.GradientMethods;

/// <summary>Small functions of four numbers whose attributions are known on paper, explained in double precision.</summary>
internal static class Oracle
{
    public const int Features = 4;

    /// <summary>Rows x [n, 4].</summary>
    public static Dictionary<string, TensorData> Rows(params double[] values) =>
        new() { ["x"] = TensorData.From(Array.ConvertAll(values, v => (float)v), values.Length / Features, Features) };

    /// <summary>A model of x [batch, 4]; nodes give <c>logit</c> [batch].</summary>
    public static SmallModel Model() => new SmallModel(20).Input("x", DataType.Float, "batch", (long)Features);

    public static OnnxModel Done(this SmallModel model) => model.Output("logit", DataType.Float, "batch").Load();

    /// <summary>Σⱼ wⱼ·xⱼ + c.</summary>
    public static OnnxModel Linear(float[] weights, float bias) =>
        Model()
            .Tensor("w", TensorData.From(weights, Features))
            .Tensor("c", TensorData.Scalar(bias))
            .Node("MatMul x w -> s")
            .Node("Add s c -> logit")
            .Done();

    /// <summary>½ xᵀ(A + Aᵀ)x as Σᵢ xᵢ·(xA)ᵢ.</summary>
    public static OnnxModel Quadratic(float[] matrix) =>
        Model()
            .Tensor("a", TensorData.From(matrix, Features, Features))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("MatMul x a -> u")
            .Node("Mul u x -> p")
            .Node("ReduceSum p axis -> logit", ("keepdims", 0L))
            .Done();

    /// <summary>Settings in double precision.</summary>
    public static ExplainSettings Settings(string method) => new() { Method = method, Float64 = true };

    public static Explanation Explain(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        ExplainSettings settings
    )
    {
        using var explainer = Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
        return explainer.Explain(rows);
    }

    /// <summary>Every attribution lies within its own interval of so many standard errors around the truth.</summary>
    public static void ShouldCover(this Explanation sampled, double[] truth, double errors)
    {
        for (var i = 0; i < truth.Length; i++)
            Math.Abs(sampled.Attributions[i] - truth[i])
                .ShouldBeLessThanOrEqualTo(errors * sampled.StandardErrors![i] + 1e-9, $"attribution {i}");
    }
}
