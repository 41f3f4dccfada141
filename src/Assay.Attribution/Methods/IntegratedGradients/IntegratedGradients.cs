using Assay.Attribution.Compilation;
using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = (xᵢ − bᵢ) · ∫₀¹ ∂f/∂xᵢ (b + α(x − b)) dα, by slopes over intervals or by Gauss–Legendre quadrature.</summary>
internal sealed class IntegratedGradients : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "integrated-gradients",
            "Integrated gradients",
            "Sundararajan, Taly and Yan 2017, arXiv 1703.01365",
            ["completeness", "sensitivity", "implementation invariance", "linearity in the model", "symmetry"],
            "n forward and backward passes behind the linear front, two forward and one backward through it; with a tolerance, 8 for most rows",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        model.Settings.Tolerance is { } tolerance
            ? AdaptivePath.Explain(model, rows, tolerance)
            : model.PathIntegral(rows, model.Rule(model.Settings.Steps));

    public override string Rule(ExplainedModel model) => model.Rule(1).Name;

    public override OnnxModel Compile(ExplainedModel model)
    {
        if (model.Settings.Tolerance is not null)
            throw AssayException.Usage("A compiled model takes the same steps for every row; leave out the tolerance.");
        var rule = model.Rule(model.Settings.Steps);
        return HoistedPath.TryBuild(model.Points(), model.Head, rule) ?? NodeByNode(model, rule);
    }

    private static OnnxModel NodeByNode(ExplainedModel model, PathRule rule)
    {
        PathRule.RequireNodes(rule);
        var part = AttributionGraph.Build(model.Points(), model.Head, Weighting.Difference);
        double[][] settings = [.. rule.Points.Select(model.All)];
        var (emit, graph, gradients) = PresentSweep.Build(part, AttributionGraph.Attributions, settings, model.Type);
        var weights = emit.Constant(TensorData.From(rule.Weights, 1, rule.Weights.Length).Cast(model.Type));
        var sum = emit.MatMul(weights, emit.Reshape(gradients, rule.Weights.Length, -1));
        emit.Named(AttributionGraph.Attributions, "Reshape", [sum, emit.Int64s(-1, model.Features.Count)]);
        graph.Graph.AddOutput(ValueInfos.Tensor(AttributionGraph.Attributions, model.Type, null));
        return graph;
    }
}
