using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>The rows of a tensors file.</summary>
internal sealed class TensorRows : IRowSource
{
    private readonly IReadOnlyDictionary<string, TensorData> rows;

    public TensorRows(OnnxModel model, string path)
    {
        Features = FeatureSlot.FromInputs(model);
        rows = TensorsFile.Read(path, model.Graph.Inputs);
        LookupCheck.Require(model, rows);
    }

    public IReadOnlyList<FeatureSlot> Features { get; }

    public IEnumerable<RowPart> Parts(int atMost)
    {
        var count = (int)rows.Values.First().Dims[0];
        for (var first = 0; first < count; first += atMost)
            yield return new RowPart(first, Rows.Slice(rows, first, Math.Min(atMost, count - first)));
    }

    public IReadOnlyDictionary<string, TensorData> Row(long number) =>
        number < rows.Values.First().Dims[0]
            ? Rows.Slice(rows, (int)number, 1)
            : throw AssayException.Input(
                $"There is no row {number}: the tensors have {rows.Values.First().Dims[0]} rows, counted from 0."
            );

    public IReadOnlyDictionary<string, TensorData> Sample() => rows;

    public IReadOnlyDictionary<string, TensorData> Replacement() =>
        throw AssayException.Usage(
            "--baseline padding takes its values from a dictionary; give --dictionary and --data."
        );
}
