using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = xᵢ · ∂f/∂xᵢ, at a lookup summed over the dimensions of the looked-up vector.</summary>
internal sealed class GradientTimesInput : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "gradient-times-input",
            "Gradient × input",
            "Shrikumar et al. 2016, arXiv 1605.01713",
            ["linearity in the model", "sensitivity (b)"],
            "1 forward and 1 backward pass",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        GradientAtRow.Explain(model, rows, Weighting.Input);

    public override OnnxModel Compile(ExplainedModel model) =>
        AttributionGraph.Build(model.Points(), model.Head, Weighting.Input);
}
