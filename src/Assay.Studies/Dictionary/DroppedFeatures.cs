using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies;

/// <summary>Takes features out of a model: whatever callers feed, the graph reads their replacement values.</summary>
public static class DroppedFeatures
{
    // Where came with opset 9.
    private const int LowestOpset = 9;

    /// <summary>
    /// A copy of a model whose inputs stay, but in which the elements of the features are replaced before anything reads
    /// them, so that no output depends on them.
    /// </summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="binding">Its dictionary, bound to it.</param>
    /// <param name="features">Names of features.</param>
    /// <exception cref="AssayException">Usage: there is no such feature. Input: the model's opset cannot be raised.</exception>
    public static OnnxModel From(OnnxModel model, DictionaryBinding binding, IReadOnlyList<string> features)
    {
        var copy =
            features.Count > 0 && model.Opset < LowestOpset ? OpsetUpgrade.Raise(model, LowestOpset) : model.Clone();
        var emit = new Emitter(copy.Graph, copy.Opset, DataType.Float, "dropped");
        foreach (var group in features.Distinct().Select(binding.Feature).GroupBy(f => f.Input))
            Replace(copy.Graph, emit, group.Key, group);
        copy.Graph.SortTopologically();
        return copy;
    }

    private static void Replace(Graph graph, Emitter emit, BoundInput input, IEnumerable<BoundFeature> features)
    {
        var dropped = new bool[input.Elements];
        var values = TensorData.Create(
            input.Type,
            [1, .. input.RowDims],
            ElementTypes.NewArray(input.Type, dropped.Length)
        );
        foreach (var feature in features)
        foreach (var element in feature.Elements)
        {
            dropped[element] = true;
            DictionaryBinding.SetElement(values, element, feature.Entry.Replacement);
        }
        var readers = graph.Consumers(input.Name).ToArray();
        var mask = TensorData.From(dropped, [1, .. input.RowDims]);
        var replaced = emit.Node("Where", [emit.Constant(mask), emit.Constant(values), input.Name]);
        var where = graph.Producer(replaced)!;
        if (readers.Length > 0)
            graph.ReplaceUses(input.Name, replaced, where);
    }
}
