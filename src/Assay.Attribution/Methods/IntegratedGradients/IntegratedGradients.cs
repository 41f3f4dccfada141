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
            "n forward and backward passes behind the linear front, two forward and one backward through it",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        model.PathIntegral(rows, PathRule.Of(model.Settings.Rule, model.Settings.Steps));
}
