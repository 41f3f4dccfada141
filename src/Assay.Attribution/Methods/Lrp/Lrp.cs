using System.Globalization;
using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>Layer-wise relevance propagation: the target itself is shared out backwards, layer by layer.</summary>
internal sealed class Lrp : AttributionMethod
{
    private static readonly string[] Outputs = [AttributionGraph.Attributions, AttributionGraph.Target];

    public override MethodInfo Info { get; } =
        new(
            "lrp",
            "Layer-wise relevance propagation",
            "Bach et al. 2015, doi 10.1371/journal.pone.0130140; rules of Montavon et al. 2019 and Achtibat et al. 2024, arXiv 2402.05602",
            ["conservation: attributions and what biases take sum to the target, but for ε"],
            "1 forward and 1 backward pass; with γ 3 products of each linear layer forward and 5 backward",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        );

    public override IReadOnlyDictionary<string, string> Options(ExplainSettings settings) =>
        new Dictionary<string, string>
        {
            ["epsilon"] = settings.Relevance.Epsilon.ToString("R", CultureInfo.InvariantCulture),
            ["gamma"] = settings.Relevance.Gamma.ToString("R", CultureInfo.InvariantCulture),
            ["gates"] = settings.Relevance.GatesShare ? "share" : "none",
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var all = model.Own("relevance", () => Compile(model)).Run(model.RowFeeds(rows), null, Outputs);
        var target = model.Numbers(all[AttributionGraph.Target].ToDoubles());
        var baseline = model.Target(rows, model.All(0));
        return Explanation.Of(all[AttributionGraph.Attributions].ToDoubles(), target, baseline, complete: false);
    }

    public override OnnxModel Compile(ExplainedModel model) =>
        AttributionGraph.BuildRelevance(model.PointsAtRow(), model.Head, model.Settings.Relevance);
}
