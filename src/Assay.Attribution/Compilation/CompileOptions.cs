using Assay.Onnx;

namespace Assay.Attribution.Compilation;

/// <summary>What a compiled model returns beside its scores.</summary>
public sealed record CompileOptions
{
    /// <summary>Return only the K features of largest |attribution| of each row; null for all features.</summary>
    public int? TopK { get; init; }

    /// <summary>Whether to return the completeness gap.</summary>
    public bool Gap { get; init; } = true;

    /// <summary>Further entries of the file's metadata, each under <c>assay.</c> and its key.</summary>
    public IReadOnlyDictionary<string, string> Pedigree { get; init; } = new Dictionary<string, string>();

    internal void Validate(int features)
    {
        if (TopK < 1 || TopK > features)
            throw AssayException.Usage(
                $"The top {TopK} of {features} features cannot be returned; name 1 to {features}."
            );
    }
}
