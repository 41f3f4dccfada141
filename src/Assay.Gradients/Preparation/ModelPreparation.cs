using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Makes a differentiable working copy of a model that computes the same: functions inlined, constants folded, branches
/// that shapes decide resolved, PyTorch's EmbeddingBag loops turned into lookups. Names of values stay the user's.
/// </summary>
public static class ModelPreparation
{
    /// <summary>The working copy and the shapes of its values. The given model is not changed.</summary>
    public static (OnnxModel Model, ShapeTable Shapes) Prepare(OnnxModel model)
    {
        var copy = ConstantFolder.Fold(FunctionInliner.Inline(model));
        var shapes = ShapeProbe.Measure(copy);
        // What is inlined may hold further branches.
        while (Rewrite(copy, shapes))
        {
            copy.Graph.PruneUnreachable();
            copy.Graph.SortTopologically();
            copy = ConstantFolder.Fold(copy);
            shapes = ShapeProbe.Measure(copy);
        }
        return (copy, shapes);
    }

    private static bool Rewrite(OnnxModel model, ShapeTable shapes)
    {
        var bags = EmbeddingBagLoop.Rewrite(model.Graph, shapes, model.Opset);
        return ShapeBranches.Resolve(model, shapes) || bags;
    }
}
