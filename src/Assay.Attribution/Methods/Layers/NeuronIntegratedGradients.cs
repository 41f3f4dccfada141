using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = (xᵢ − bᵢ) · ∫ ∂hₖ/∂xᵢ dα: integrated gradients of one unit instead of the head.</summary>
internal sealed class NeuronIntegratedGradients : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "neuron-integrated-gradients",
            "Neuron integrated gradients",
            "Sundararajan, Taly and Yan 2017, arXiv 1703.01365, of one unit (Kokhlikyan et al. 2020, arXiv 2009.07896)",
            [
                "completeness for the unit",
                "sensitivity",
                "implementation invariance",
                "linearity in the model",
                "symmetry",
            ],
            "as integrated-gradients",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        )
        {
            Layer = LayerUse.TargetUnit,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        model.Settings.Tolerance is { } tolerance
            ? AdaptivePath.Explain(model, rows, tolerance)
            : model.PathIntegral(rows, model.Rule(model.Settings.Steps));

    public override string Rule(ExplainedModel model) => model.Rule(1).Name;
}
