namespace Assay.Training;

/// <summary>What an initialiser is to the network, and so how it starts.</summary>
public enum ParameterKind
{
    /// <summary>A lookup table: normal.</summary>
    Table,

    /// <summary>Vectors of which each is multiplied by one number, the embedding of a numeric feature: normal, as a table.</summary>
    Vectors,

    /// <summary>A matrix or kernel of a product: Glorot, or He before a rectifier.</summary>
    Weight,

    /// <summary>Something added: zeros.</summary>
    Bias,

    /// <summary>The factor of a normalisation or of features: ones.</summary>
    Scale,

    /// <summary>The slope of a PReLU: 0.25.</summary>
    Slope,

    /// <summary>Anything else, which keeps its values: statistics, constants, masks, feature scaling.</summary>
    Constant,
}

/// <summary>One float initialiser of a model, whether it is fitted, and why.</summary>
/// <param name="Name">The initialiser.</param>
/// <param name="Dims">Its dimensions.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Trained">Whether it is fitted.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ModelParameter(
    string Name,
    IReadOnlyList<long> Dims,
    ParameterKind Kind,
    bool Trained,
    string Reason
)
{
    /// <summary>Numbers in it.</summary>
    public long Count => Dims.Aggregate(1L, (a, d) => a * d);

    /// <summary>Rows of a table that stay as they are.</summary>
    public IReadOnlyList<int> FrozenRows { get; init; } = [];

    /// <summary>How many numbers one output of the product reads, and how many outputs read one number; 0 for no product.</summary>
    internal (long In, long Out) Fans { get; init; }

    /// <summary>Whether a rectifier follows.</summary>
    internal bool Rectified { get; init; }
}
