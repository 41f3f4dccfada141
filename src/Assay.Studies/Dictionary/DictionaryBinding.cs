using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies;

/// <summary>An input of the model as rows feed it: elements per row and the dimensions behind the batch.</summary>
public sealed record BoundInput(string Name, DataType Type, int Elements, IReadOnlyList<long> RowDims);

/// <summary>A feature and the flat places inside one row of its input that it fills, in order.</summary>
public sealed record BoundFeature(FeatureEntry Entry, BoundInput Input, IReadOnlyList<int> Elements);

/// <summary>A dictionary bound to the inputs of one model.</summary>
public sealed class DictionaryBinding
{
    internal DictionaryBinding(IReadOnlyList<BoundInput> inputs, IReadOnlyList<BoundFeature> features)
    {
        Inputs = inputs;
        Features = features;
    }

    /// <summary>The inputs, in the order of the model.</summary>
    public IReadOnlyList<BoundInput> Inputs { get; }

    /// <summary>The features, in the order of the dictionary.</summary>
    public IReadOnlyList<BoundFeature> Features { get; }

    /// <summary>The features as players of an explanation, in the order of the dictionary.</summary>
    public IReadOnlyList<FeatureSlot> Slots =>
        [
            .. Features.Select(f => new FeatureSlot(
                f.Entry.Name,
                [.. f.Elements.Select(e => new InputElement(f.Input.Name, e))]
            )),
        ];

    /// <summary>
    /// One row of feeds in which every feature has its replacement: <c>ablation_id</c>, else <c>oov_id</c>, else
    /// <c>padding_id</c> (lists: padding first); numbers: <c>ablation_value</c>, else <c>training_mean</c>, else 0.
    /// </summary>
    public IReadOnlyDictionary<string, TensorData> ReplacementRow()
    {
        var feeds = NewFeeds(1);
        foreach (var feature in Features)
        foreach (var element in feature.Elements)
            SetElement(feeds[feature.Input.Name], element, feature.Entry.Replacement);
        return feeds;
    }

    /// <summary>A feature by name.</summary>
    /// <exception cref="AssayException">Usage: there is no such feature; the nearest is suggested.</exception>
    public BoundFeature Feature(string name) =>
        Features.FirstOrDefault(f => f.Entry.Name == name)
        ?? throw AssayException.Usage(
            $"The dictionary has no feature '{name}'.{Nearest.Hint(name, Features.Select(f => f.Entry.Name))}"
        );

    /// <summary>Zeroed feeds for a number of rows.</summary>
    internal Dictionary<string, TensorData> NewFeeds(int rows) =>
        Inputs.ToDictionary(
            i => i.Name,
            i =>
                TensorData.Create(
                    i.Type,
                    [rows, .. i.RowDims],
                    ElementTypes.NewArray(i.Type, checked(rows * i.Elements))
                )
        );

    internal static void SetElement(TensorData tensor, int index, double value)
    {
        switch (tensor.Values)
        {
            case long[] v:
                v[index] = (long)value;
                break;
            case int[] v:
                v[index] = (int)value;
                break;
            case float[] v:
                v[index] = (float)value;
                break;
            case double[] v:
                v[index] = value;
                break;
            case bool[] v:
                v[index] = value != 0;
                break;
            default:
                throw AssayException.Input($"Inputs of type {ElementTypes.Name(tensor.Type)} are not supported.");
        }
    }
}
