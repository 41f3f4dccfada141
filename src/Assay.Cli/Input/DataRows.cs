using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Input;

/// <summary>Rows of logged data, read through a feature dictionary.</summary>
internal sealed class DataRows : IRowSource
{
    private const int SampleRows = 65_536;
    private readonly DictionaryBinding binding;
    private readonly DataSource data;
    private readonly RowRange range;

    public DataRows(OnnxModel model, string dictionary, string data, RowRange range)
    {
        binding = FeatureDictionary.Load(dictionary).Bind(model);
        this.data = DataSource.FromFile(data);
        this.range = range;
        Features = Slots(binding);
    }

    /// <summary>Rows of a source whose dictionary is bound already.</summary>
    public DataRows(DictionaryBinding binding, DataSource data, RowRange range)
    {
        (this.binding, this.data, this.range) = (binding, data, range);
        Features = Slots(binding);
    }

    /// <summary>The features of a dictionary as players.</summary>
    public static IReadOnlyList<FeatureSlot> Slots(DictionaryBinding binding) =>
        [
            .. binding.Features.Select(f => new FeatureSlot(
                f.Entry.Name,
                [.. f.Elements.Select(e => new InputElement(f.Input.Name, e))]
            )),
        ];

    public IReadOnlyList<FeatureSlot> Features { get; }

    /// <summary>The dictionary, bound to the model.</summary>
    public DictionaryBinding Binding => binding;

    /// <summary>The data.</summary>
    public DataSource Data => data;

    public IReadOnlyDictionary<string, TensorData> Row(long number) => InputAssembler.Read(data, binding, number, 1);

    // One row more than is used tells whether another part follows.
    public IEnumerable<RowPart> Parts(int atMost)
    {
        for (var first = range.First; first < range.End; first += atMost)
        {
            var wanted = (int)Math.Min(atMost, range.End - first);
            var rows = InputAssembler.Read(data, binding, first, wanted + 1);
            var read = (int)rows.Values.First().Dims[0];
            yield return new RowPart(first, Rows.Slice(rows, 0, Math.Min(read, wanted)));
            if (read <= wanted)
                yield break;
        }
    }

    public IReadOnlyDictionary<string, TensorData> Sample() => InputAssembler.Read(data, binding, 0, SampleRows);

    public IReadOnlyDictionary<string, TensorData> Replacement() => binding.ReplacementRow();
}
