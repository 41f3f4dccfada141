using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution;

/// <summary>Something that scores rows: a model in this process, or one behind an address.</summary>
public interface IScorer
{
    /// <summary>What a row consists of: name, element type and shape of every input, the first dimension counting rows.</summary>
    IReadOnlyList<ValueInfoProto> Inputs { get; }

    /// <summary>The target of each row: inputs by name, the first dimension of each counting rows.</summary>
    /// <exception cref="AssayException">Input: rows that do not fit. Failed: rows that could not be scored.</exception>
    double[] Score(IReadOnlyDictionary<string, TensorData> rows);
}
