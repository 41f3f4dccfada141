using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>What layer methods share: an integral along a path, by slopes where the model has them, else by nodes.</summary>
internal static class LayerIntegral
{
    public static Explanation Explain(
        ExplainedModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        LayerQuantity quantity
    )
    {
        var feeds = model.Feeds(rows);
        var (target, baseline) = model.Ends(rows);
        return Explanation.Of(Integral(model, feeds, quantity), target, baseline, complete: false);
    }

    /// <summary>The rule that will be used.</summary>
    public static string Rule(ExplainedModel model, LayerQuantity quantity) =>
        Slopes(model, Of(model, PathRule.SecantName, quantity, 1), quantity) is null
            ? PathRule.GaussLegendreName
            : PathRule.SecantName;

    private static double[] Integral(
        ExplainedModel model,
        IReadOnlyDictionary<string, TensorData> feeds,
        LayerQuantity quantity
    )
    {
        var steps = model.Settings.Steps;
        if (Slopes(model, Of(model, PathRule.SecantName, quantity, steps), quantity) is { } slopes)
            return slopes.Run(feeds, null, AttributionGraph.Attributions);
        if (model.Settings.Rule == PathRule.SecantName)
            PathRule.RequireNodes(Of(model, PathRule.SecantName, quantity, steps));
        var rule = Of(model, PathRule.GaussLegendreName, quantity, steps);
        var nodes = model.Cached(
            $"layer {quantity} at a node",
            () => new(LayerNodes.Build(model.Points(), model.Head, model.Layer!, quantity), model.Settings.BatchRows)
        )!;
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

    private static Evaluation? Slopes(ExplainedModel model, PathRule rule, LayerQuantity quantity) =>
        model.Settings.Rule == PathRule.GaussLegendreName
            ? null
            : model.Cached($"layer {quantity} {rule.Key}", () => Open(model, rule, quantity));

    private static Evaluation? Open(ExplainedModel model, PathRule rule, LayerQuantity quantity)
    {
        try
        {
            return HoistedPath.TryBuildLayer(model.Points(), model.Head, rule, model.Layer!, quantity) is { } graph
                ? new Evaluation(graph, model.PathBatch(rule.Points.Length))
                : null;
        }
        catch (AssayException) when (model.Settings.Rule == PathRule.AutoName)
        {
            // What keeps gradients from being taken at all is said when the nodes are.
            return null;
        }
    }

    // A layer that moves by itself has no logarithm in front, so its intervals are equal.
    private static PathRule Of(ExplainedModel model, string name, LayerQuantity quantity, int n) =>
        PathRule.Of(name, n, quantity == LayerQuantity.Replaced ? 1 : model.Grading);
}
