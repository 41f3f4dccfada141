using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φⱼ = ∫ ∂f/∂hⱼ · dhⱼ/dα dα along the straight path of the features, h being the layer.</summary>
internal sealed class LayerConductance : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "layer-conductance",
            "Layer conductance",
            "Dhamdhere, Sundararajan and Yan 2018, arXiv 1805.12233",
            [
                "completeness where all that the target depends on passes the layer",
                "linearity in the model",
                "sensitivity (b)",
            ],
            "n forward and two backward passes",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.Units,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        LayerIntegral.Explain(model, rows, LayerQuantity.Conductance);

    public override string Rule(ExplainedModel model) => LayerIntegral.Rule(model, LayerQuantity.Conductance);
}
