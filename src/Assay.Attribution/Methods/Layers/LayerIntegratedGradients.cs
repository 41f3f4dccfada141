using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φⱼ = (hⱼ(x) − hⱼ(b)) · ∫ ∂f/∂hⱼ dα along the straight line of the layer itself; what goes past the layer stays that of the row.</summary>
internal sealed class LayerIntegratedGradients : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "layer-integrated-gradients",
            "Layer integrated gradients",
            "Sundararajan, Taly and Yan 2017, arXiv 1703.01365, at a layer (Kokhlikyan et al. 2020, arXiv 2009.07896)",
            ["shares f(x) − f(x with the layer at its baseline)", "linearity in the model", "sensitivity (b)"],
            "n forward and backward passes behind the layer",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.Units,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        LayerIntegral.Explain(model, rows, LayerQuantity.Replaced);

    public override string Rule(ExplainedModel model) => LayerIntegral.Rule(model, LayerQuantity.Replaced);
}
