using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Studies;

/// <summary>Models of refits as files.</summary>
public static class RefitModels
{
    /// <summary>A copy that needs no files beside it, as the new model may go to another folder.</summary>
    public static OnnxModel Whole(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = model.Clone();
        foreach (
            var name in copy
                .Proto.Graph.Initializer.Where(t => t.DataLocation == TensorProto.Types.DataLocation.External)
                .Select(t => t.Name)
                .ToArray()
        )
            copy.Graph.SetInitialiser(name, copy.Graph.Constant(name)!);
        return copy;
    }
}
