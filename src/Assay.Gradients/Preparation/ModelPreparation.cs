using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Makes a differentiable working copy of a model that computes the same: functions inlined, an old opset raised to the
/// lowest that every rule understands, constants folded, branches that shapes decide resolved, PyTorch's EmbeddingBag
/// loops turned into lookups, recurrent layers, loops of known length and
/// preprocessing of the domain ai.onnx.ml written out. Names of values stay the user's.
/// </summary>
public static class ModelPreparation
{
    // Scatters that add came with opset 16.
    private const int LowestOpset = 16;

    /// <summary>The working copy and the shapes of its values. The given model is not changed.</summary>
    public static (OnnxModel Model, ShapeTable Shapes) Prepare(OnnxModel model)
    {
        var copy = ConstantFolder.Fold(Raised(FunctionInliner.Inline(model)));
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

    // A model that cannot be raised may still be differentiable as it is.
    private static OnnxModel Raised(OnnxModel model)
    {
        try
        {
            return OpsetUpgrade.Raise(model, LowestOpset);
        }
        catch (AssayException)
        {
            return model;
        }
    }

    private static bool Rewrite(OnnxModel model, ShapeTable shapes)
    {
        var bags = EmbeddingBagLoop.Rewrite(model.Graph, shapes, model.Opset);
        var branches = ShapeBranches.Resolve(model, shapes);
        var classical = ClassicalOperators.Rewrite(
            model.Graph,
            shapes,
            model.Opset,
            model.Proto.OpsetImport.FirstOrDefault(o => o.Domain == "ai.onnx.ml")?.Version ?? 1
        );
        var layers = RecurrentUnroll.Rewrite(model.Graph, shapes, model.Opset);
        // Only once bags and branches are out of the way, as either may be a loop's.
        return bags
            || branches
            || classical
            || layers
            || StaticLoops.Rewrite(model.Graph, shapes, model.Opset)
            || ScanLoops.Rewrite(model.Graph, shapes, model.Opset);
    }
}
