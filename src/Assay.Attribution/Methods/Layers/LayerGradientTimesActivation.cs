using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φⱼ = hⱼ · ∂f/∂hⱼ at the row.</summary>
internal sealed class LayerGradientTimesActivation : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "layer-gradient-times-activation",
            "Layer gradient × activation",
            "Shrikumar et al. 2016, arXiv 1605.01713, at a layer (Kokhlikyan et al. 2020, arXiv 2009.07896)",
            ["linearity in the model", "sensitivity (b)"],
            "1 forward and 1 backward pass",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Layer = LayerUse.Units,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var graph = model.Cached(
            "layer at the row",
            () => new(LayerNodes.BuildAtRow(model.Points(), model.Head, model.Layer!), model.Settings.BatchRows)
        )!;
        var (target, baseline) = model.Ends(rows);
        return Explanation.Of(
            graph.Run(model.Feeds(rows), null, AttributionGraph.Attributions),
            target,
            baseline,
            complete: false
        );
    }
}
