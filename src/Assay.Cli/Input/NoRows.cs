using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Input;

/// <summary>The features of a model, of a dictionary or of its inputs, where no rows are given.</summary>
internal sealed class NoRows : IRowSource
{
    private readonly DictionaryBinding? binding;

    public NoRows(OnnxModel model, string? dictionary)
    {
        binding = dictionary is null ? null : FeatureDictionary.Load(dictionary).Bind(model);
        Features = binding is null ? FeatureSlot.FromInputs(model) : DataRows.Slots(binding);
    }

    public IReadOnlyList<FeatureSlot> Features { get; }

    public IEnumerable<RowPart> Parts(int atMost) => [];

    public IReadOnlyDictionary<string, TensorData> Row(long number) =>
        throw AssayException.Usage($"There is no row {number}: no rows were given.");

    public IReadOnlyDictionary<string, TensorData> Sample() =>
        throw AssayException.Usage(
            "--baseline mean is taken over rows: give --tensors FILE.json, or --dictionary FILE with --data FILE."
        );

    public IReadOnlyDictionary<string, TensorData> Replacement() =>
        binding?.ReplacementRow()
        ?? throw AssayException.Usage("--baseline padding takes its values from a dictionary; give --dictionary.");
}
