using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = (xᵢ − bᵢ) · ∫ ∂f/∂hₖ · ∂hₖ/∂xᵢ dα: what of a feature acts on the target through one unit.</summary>
internal sealed class NeuronConductance : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "neuron-conductance",
            "Neuron conductance",
            "Dhamdhere, Sundararajan and Yan 2018, arXiv 1805.12233",
            ["sums to the unit's layer conductance", "linearity in the model", "sensitivity (b)"],
            "n forward and two backward passes",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.ThroughUnit,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        LayerIntegral.Explain(model, rows, LayerQuantity.Flow);

    public override string Rule(ExplainedModel model) => LayerIntegral.Rule(model, LayerQuantity.Flow);
}
