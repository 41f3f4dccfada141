namespace Assay.Runtime;

/// <summary>How ONNX Runtime runs a model.</summary>
public sealed record SessionSettings
{
    /// <summary>Threads within one operator; 1 computes on the calling thread, and always in the same order.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether ONNX Runtime may fold, fuse and reorder operators.</summary>
    public bool Optimise { get; init; } = true;

    // For what is run on trial, before anyone asked for a result.
    internal TimeSpan? Limit { get; init; }
}
