using Assay.Onnx.Wire;

namespace Assay.Attribution.Layers;

/// <summary>What a layer is.</summary>
public enum LayerKind
{
    /// <summary>Embeddings and numbers joined to one vector.</summary>
    Join,

    /// <summary>A product with a weight matrix, its bias, normalisation and activation.</summary>
    Dense,

    /// <summary>x₀ ⊙ (W x + b) + x, a layer of a cross network.</summary>
    Cross,

    /// <summary>½((Σv)² − Σv²): all pairwise products, as a factorisation machine has them.</summary>
    FactorisationMachine,

    /// <summary>Dot products of pairs of vectors.</summary>
    Dot,

    /// <summary>Scores or weights over positions, or a weighted sum by them.</summary>
    Attention,

    /// <summary>Shares between branches, or a factor between 0 and 1.</summary>
    Gate,
}

/// <summary>A layer that was found in a graph.</summary>
/// <param name="Value">The graph value that holds its units: a name of the user's model.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">A plain description.</param>
/// <param name="Units">Numbers per row (per position where there are positions).</param>
/// <param name="Positions">Positions per row, 1 where there are none.</param>
public sealed record ModelLayer(string Value, LayerKind Kind, string Title, int Units, int Positions)
{
    /// <summary>The operator of the activation, or null.</summary>
    public string? Activation { get; init; }

    /// <summary>The value before the activation; the layer's own where there is none.</summary>
    public string Before { get; init; } = Value;

    /// <summary>Elements of a row.</summary>
    public int Width => Units * Positions;

    // From the product to the activation: what has to be cut when units go.
    internal IReadOnlyList<NodeProto> Chain { get; init; } = [];
}
