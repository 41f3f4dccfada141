using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>The signed gradient; at a lookup the sum over the dimensions of the looked-up vector.</summary>
internal sealed class Saliency : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "saliency",
            "Saliency (signed gradient)",
            "Simonyan, Vedaldi and Zisserman 2013, arXiv 1312.6034",
            ["linearity in the model", "sensitivity (b)"],
            "1 forward and 1 backward pass",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        GradientAtRow.Explain(model, rows, Weighting.One);
}
