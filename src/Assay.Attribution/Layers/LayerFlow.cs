using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Layers;

/// <summary>What passes a layer on the path from the baseline to some rows.</summary>
/// <param name="Features">Rows × features: the part of each feature's integrated gradient that passes the layer.</param>
/// <param name="Conductance">Rows × elements of the layer; empty where only nodes could be taken.</param>
internal sealed record LayerFlow(double[] Features, double[] Conductance)
{
    /// <summary>By slopes, or by nodes where the model has none.</summary>
    public static LayerFlow Of(
        ExplainedModel model,
        ModelLayer layer,
        IReadOnlyDictionary<string, TensorData> rows,
        int steps
    )
    {
        var point = new LayerPoint(layer.Value, layer.Value, layer.Width, null);
        var feeds = model.Feeds(rows);
        var rule = PathRule.Of(PathRule.SecantName, steps, model.Grading);
        if (Slopes(model, point, rule) is { } graph)
        {
            using var slopes = new Evaluation(graph, model.PathBatch(rule.Points.Length));
            var all = slopes.Run(feeds, null, [AttributionGraph.Attributions, AttributionGraph.Units]);
            return new(all[AttributionGraph.Attributions].ToDoubles(), all[AttributionGraph.Units].ToDoubles());
        }
        rule = PathRule.Of(PathRule.GaussLegendreName, steps);
        return new(
            Nodes(model, point, feeds, rule, LayerQuantity.Flow),
            Nodes(model, point, feeds, rule, LayerQuantity.Conductance)
        );
    }

    private static OnnxModel? Slopes(ExplainedModel model, LayerPoint point, PathRule rule)
    {
        try
        {
            return HoistedPath.TryBuildLayer(model.Points(), model.Head, rule, point, LayerQuantity.Flow);
        }
        catch (AssayException)
        {
            return null;
        }
    }

    private static double[] Nodes(
        ExplainedModel model,
        LayerPoint point,
        IReadOnlyDictionary<string, TensorData> feeds,
        PathRule rule,
        LayerQuantity quantity
    )
    {
        using var nodes = new Evaluation(LayerNodes.Build(model.Points(), model.Head, point, quantity), null);
        double[]? sum = null;
        for (var i = 0; i < rule.Points.Length; i++)
        {
            var part = nodes.Run(feeds, model.At(rule.Points[i]), AttributionGraph.Attributions);
            sum ??= new double[part.Length];
            for (var j = 0; j < sum.Length; j++)
                sum[j] += rule.Weights[i] * part[j];
        }
        return sum!;
    }
}
