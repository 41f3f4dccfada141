using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = (xᵢ − bᵢ) · ∫₀¹ ∂f/∂xᵢ (b + α(x − b)) dα by Gauss–Legendre quadrature.</summary>
internal sealed class IntegratedGradients : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "integrated-gradients",
            "Integrated gradients",
            "Sundararajan, Taly and Yan 2017, arXiv 1703.01365",
            ["completeness", "sensitivity", "implementation invariance", "linearity in the model", "symmetry"],
            "n forward and n backward passes",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var (nodes, weights) = GaussLegendre.UnitInterval(model.Settings.Steps);
        double[]? sum = null;
        for (var i = 0; i < nodes.Length; i++)
        {
            var part = model.Gradient(rows, model.All(nodes[i]), Weighting.Difference);
            sum ??= new double[part.Length];
            for (var j = 0; j < sum.Length; j++)
                sum[j] += weights[i] * part[j];
        }
        return Explanation.Of(sum!, model.Target(rows, model.All(1)), model.Target(rows, model.All(0)), complete: true);
    }
}
