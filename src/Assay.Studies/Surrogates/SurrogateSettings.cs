using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What takes the model's place.</summary>
public enum SurrogateKind
{
    /// <summary>One regression tree: rules.</summary>
    Tree,

    /// <summary>A generalised additive model: a shape function for each feature, no interactions.</summary>
    Additive,
}

/// <summary>How a global surrogate is fitted.</summary>
public sealed record SurrogateSettings
{
    /// <summary>Tree or additive.</summary>
    public SurrogateKind Kind { get; init; }

    /// <summary>The most leaves of a tree.</summary>
    public int Leaves { get; init; } = 16;

    /// <summary>Rounds of boosting of an additive model, each through all features.</summary>
    public int Rounds { get; init; } = 600;

    /// <summary>The share of rows that is held out to judge by.</summary>
    public double HeldOut { get; init; } = 0.25;

    /// <summary>Features by whose values fidelity is told apart.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Seed of the split.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws a usage error where a number is out of range.</summary>
    public void Validate()
    {
        if (Leaves is < 2 or > 1024)
            throw AssayException.Usage($"A tree has between 2 and 1024 leaves, not {Leaves}.");
        if (Rounds is < 1 or > 100_000)
            throw AssayException.Usage($"The rounds lie between 1 and 100000, not {Rounds}.");
        if (!(HeldOut > 0 && HeldOut < 1))
            throw AssayException.Usage(
                FormattableString.Invariant($"The share held out lies between 0 and 1, not {HeldOut}.")
            );
    }
}
