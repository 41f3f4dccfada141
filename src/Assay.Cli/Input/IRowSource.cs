using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>Rows to explain: from a tensors file, or from data through a dictionary.</summary>
internal interface IRowSource
{
    /// <summary>The features, before any grouping.</summary>
    IReadOnlyList<FeatureSlot> Features { get; }

    /// <summary>The rows in parts that fit memory, each with the number of its first row.</summary>
    /// <param name="atMost">Rows of a part; a source that is in memory anyway may give more.</param>
    IEnumerable<RowPart> Parts(int atMost);

    /// <summary>One row by its number, whether or not it is among those to explain.</summary>
    IReadOnlyDictionary<string, TensorData> Row(long number);

    /// <summary>Rows over which the baseline "mean" is taken.</summary>
    IReadOnlyDictionary<string, TensorData> Sample();

    /// <summary>The baseline "padding": one row of replacement values, if the source declares them.</summary>
    IReadOnlyDictionary<string, TensorData> Replacement();
}

/// <summary>Some rows, and the number of the first of them.</summary>
internal readonly record struct RowPart(long First, IReadOnlyDictionary<string, TensorData> Rows);
