using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>What methods share that take the gradient at the row itself, weighted one way or another.</summary>
internal static class GradientAtRow
{
    public static Explanation Explain(
        ExplainedModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        Weighting weighting
    )
    {
        var (attributions, target) = model.AtRow(rows, weighting);
        return Explanation.Of(attributions, target, model.Target(rows, model.All(0)), complete: false);
    }
}
