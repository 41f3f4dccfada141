namespace Assay.Gradients;

/// <summary>How a feature enters the differentiable part of a model.</summary>
public enum PointKind
{
    /// <summary>A categorical id, at what its lookup returns.</summary>
    Lookup,

    /// <summary>A number.</summary>
    Numeric,
}

/// <summary>Where a numeric feature is taken to enter.</summary>
public enum EntryPoint
{
    /// <summary>At the graph input.</summary>
    Raw,

    /// <summary>Behind its own elementwise preprocessing inside the graph (logarithm, scaling, clipping).</summary>
    Preprocessed,
}

/// <summary>
/// A value at which features enter. Its rows, brought to the front, hold <c>Positions.Count × Width</c> numbers each:
/// for every position the vector that was looked up (or the one number), and the input element it came from.
/// </summary>
/// <param name="Value">Name of the graph value.</param>
/// <param name="Kind">Lookup or number.</param>
/// <param name="BatchAxis">The axis along which rows lie.</param>
/// <param name="Positions">The input element behind each position, in order.</param>
/// <param name="Width">Numbers per position.</param>
/// <param name="Keepers">Nodes that go on reading the value itself when the point is redirected.</param>
public sealed record AttributionPoint(
    string Value,
    PointKind Kind,
    int BatchAxis,
    IReadOnlyList<InputElement> Positions,
    int Width,
    IReadOnlyList<Onnx.Wire.NodeProto> Keepers
)
{
    /// <summary>How the value comes from lookups, where a bag's weights and masks take part; null elsewhere.</summary>
    public BagChain? Pooling { get; init; }
}
