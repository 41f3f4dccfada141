using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>
/// φᵢ = Σ m·(x − b) with multipliers m sent backwards: Δσ/Δu through functions, the mean of the other factor's ends through
/// products. The rule of slopes with the whole path as its one interval.
/// </summary>
internal sealed class DeepLift : AttributionMethod
{
    /// <summary>The path as one interval.</summary>
    internal static PathRule Rescale { get; } = PathRule.Of(PathRule.SecantName, 1);

    public override MethodInfo Info { get; } =
        new(
            "deeplift",
            "DeepLIFT (rescale rule)",
            "Shrikumar, Greenside and Kundaje 2017, arXiv 1704.02685",
            ["completeness", "sensitivity", "linearity in the model"],
            "2 forward passes and 1 backward pass",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        model.PathIntegral(rows, Rescale);

    public override OnnxModel Compile(ExplainedModel model) =>
        HoistedPath.TryBuild(model.Points(), model.Head, Rescale) ?? TwoEnds.Build(model.Points(), model.Head);
}
