using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = ∂hₖ/∂xᵢ, at a lookup summed over the dimensions of the looked-up vector.</summary>
internal sealed class NeuronGradient : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "neuron-gradient",
            "Neuron gradient",
            "Simonyan, Vedaldi and Zisserman 2013, arXiv 1312.6034, of one unit",
            ["linearity in the model", "sensitivity (b)"],
            "1 forward and 1 backward pass",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.TargetUnit,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        GradientAtRow.Explain(model, rows, Weighting.One);
}
