namespace Assay.Gradients;

/// <summary>One number or id of a row, as a caller feeds it.</summary>
/// <param name="Input">Name of the graph input.</param>
/// <param name="Element">Flat row-major position inside one row of that input; 0 for an input of one value per row.</param>
public readonly record struct InputElement(string Input, int Element)
{
    /// <summary>Stands where a position holds a constant of the model (a class token before a history).</summary>
    public static readonly InputElement None = new("", 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Input}[{Element}]";
}
