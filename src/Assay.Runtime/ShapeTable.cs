using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>One dimension: a number, a symbol whose number a run decides ("batch"), or neither where unknown.</summary>
public readonly record struct Dim
{
    /// <summary>The number, where it is the same in every run.</summary>
    public long? Size { get; private init; }

    /// <summary>The symbol, where the dimension follows one.</summary>
    public string? Symbol { get; private init; }

    /// <summary>Whether neither number nor symbol is known.</summary>
    public bool IsUnknown => Size is null && Symbol is null;

    /// <summary>A dimension that is neither static nor follows a symbol.</summary>
    public static Dim Unknown => default;

    /// <summary>A static dimension.</summary>
    public static Dim Of(long size) => new() { Size = size };

    /// <summary>A dimension that follows a symbol.</summary>
    public static Dim Named(string symbol) => new() { Symbol = symbol };

    /// <inheritdoc/>
    public override string ToString() => Size?.ToString() ?? Symbol ?? "?";
}

/// <summary>Element type and dimensions of a value.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Dims">The dimensions; empty for a scalar.</param>
public sealed record ValueShape(DataType Type, Dim[] Dims)
{
    /// <summary>The number of dimensions.</summary>
    public int Rank => Dims.Length;

    /// <summary>Whether every dimension is a number.</summary>
    public bool AllStatic => Dims.All(d => d.Size is not null);

    /// <inheritdoc/>
    public override string ToString() => $"{ElementTypes.Name(Type)} [{string.Join(", ", Dims)}]";
}

/// <summary>What is known of the types and shapes of a graph's values.</summary>
public sealed class ShapeTable
{
    private readonly Dictionary<string, ValueShape> shapes = [];

    /// <summary>A new table that knows nothing.</summary>
    public static ShapeTable Empty => new();

    /// <summary>An independent copy.</summary>
    public ShapeTable Copy()
    {
        var copy = new ShapeTable();
        foreach (var (value, shape) in shapes)
            copy.Set(value, shape);
        return copy;
    }

    /// <summary>The values whose type and rank are known.</summary>
    public IReadOnlyCollection<string> Values => shapes.Keys;

    /// <summary>The shape of a value, or null where even its rank is unknown.</summary>
    public ValueShape? TryGet(string value) => shapes.GetValueOrDefault(value);

    /// <summary>The number of dimensions of a value, or null where unknown.</summary>
    public int? Rank(string value) => TryGet(value)?.Rank;

    /// <summary>Whether every dimension of a value is a known number.</summary>
    public bool AllStatic(string value) => TryGet(value)?.AllStatic == true;

    /// <summary>A declaration of a value's type and shape, or null where unknown.</summary>
    public ValueInfoProto? Declare(string value) =>
        TryGet(value) is { } shape
            ? ValueInfos.Tensor(value, shape.Type, [.. shape.Dims.Select(d => d.Size ?? (object?)d.Symbol)])
            : null;

    /// <summary>Adds or replaces what is known of a value.</summary>
    public void Set(string value, ValueShape shape) => shapes[value] = shape;
}
