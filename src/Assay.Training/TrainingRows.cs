using Assay.Onnx;

namespace Assay.Training;

/// <summary>Rows to fit or validate on: one tensor per graph input, whose first dimension is the row, and a label each.</summary>
public sealed class TrainingRows
{
    /// <summary>Rows over the given tensors, which are not copied. Labels are 0 or 1, or anything between.</summary>
    /// <exception cref="AssayException">Input: a tensor has another number of rows, or a label is outside 0 to 1.</exception>
    public TrainingRows(IReadOnlyDictionary<string, TensorData> feeds, float[] labels)
    {
        foreach (var (name, tensor) in feeds)
            if (tensor.Dims.Length == 0 || tensor.Dims[0] != labels.Length)
                throw AssayException.Input(
                    $"Input '{name}' is {tensor} where {labels.Length} labels are given; its first dimension must be the rows."
                );
        for (var i = 0; i < labels.Length; i++)
            if (!(labels[i] >= 0 && labels[i] <= 1))
                throw AssayException.Input($"The label of row {i} is {labels[i]}; labels lie between 0 and 1.");
        if (labels.Length == 0)
            throw AssayException.Input("There are no rows to fit; check the split.");
        Feeds = feeds;
        Labels = labels;
    }

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>The inputs.</summary>
    public IReadOnlyDictionary<string, TensorData> Feeds { get; }

    /// <summary>The labels.</summary>
    public float[] Labels { get; }
}
