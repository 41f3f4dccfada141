using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φⱼ = ∫ ∂f/∂hⱼ dα along the straight path of the features: the mean gradient, not multiplied by anything.</summary>
internal sealed class InternalInfluence : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "internal-influence",
            "Internal influence",
            "Leino, Sen, Datta, Fredrikson and Li 2018, arXiv 1802.03788",
            ["linearity in the model", "sensitivity (b)"],
            "n forward and backward passes",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.Units,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        LayerIntegral.Explain(model, rows, LayerQuantity.Influence);

    public override string Rule(ExplainedModel model) => LayerIntegral.Rule(model, LayerQuantity.Influence);
}
