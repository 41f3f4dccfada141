using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Recognises, inside the loop of an EmbeddingBag, the slice of a flattened matrix that is its i-th row: bounds taken
/// from offsets 0, length, 2·length, …, and as many iterations as rows. A vector counts as a matrix of one column.
/// </summary>
internal sealed class BagSpans(Graph graph, ShapeTable shapes, LoopBody body, string trips)
{
    /// <summary>The matrix of which <paramref name="value"/> is row i in iteration i; null where it is something else.</summary>
    public string? Matrix(string value)
    {
        if (Cut(value) is not var (vector, starts))
            return null;
        if (StepsThroughVector(starts, vector))
            return vector;
        if (
            graph.Producer(vector) is not { OpType: "Reshape" } flat
            || shapes.Rank(flat.Output[0]) != 1
            || shapes.Rank(flat.Input[0]) != 2
        )
            return null;
        var matrix = flat.Input[0];
        return StepsThroughRows(starts, matrix) ? matrix : null;
    }

    /// <summary>
    /// The vector of which <paramref name="value"/> is bag i in iteration i, and where bags start (the end of the last
    /// included); null where it is something else. Bags may be of any length, and empty.
    /// </summary>
    public (string Vector, string Starts)? Ragged(string value) =>
        Cut(value) is var (flat, starts) && shapes.Rank(flat) == 1 && shapes.Rank(starts) == 1 ? (flat, starts) : null;

    /// <summary>Whether two matrices are certain to be of one shape.</summary>
    public static bool SameShape(ShapeTable shapes, string a, string b) =>
        shapes.TryGet(a)?.Dims is { } left
        && shapes.TryGet(b)?.Dims is { } right
        && (a == b || (left.SequenceEqual(right) && !left.Any(d => d.IsUnknown)));

    // vector[starts[i] : starts[i + 1]], in as many iterations as there are such pairs.
    private (string Vector, string Starts)? Cut(string value)
    {
        if (body.Producer(value) is not { OpType: "Slice" } slice || slice.Input.Count is < 3 or > 4)
            return null;
        if (Picked(slice.Input[1]) is not { } starts || Picked(slice.Input[2]) is not { } ends)
            return null;
        return IsShifted(ends, starts) && CountsRows(trips, ends) ? (slice.Input[0], starts) : null;
    }

    // The i-th element of a vector outside the loop.
    private string? Picked(string bound)
    {
        var value = body.Producer(bound) is { OpType: "Unsqueeze" } u ? u.Input[0] : bound;
        return body.Producer(value) is { OpType: "Gather" } pick && body.IsIteration(pick.Input[1])
            ? pick.Input[0]
            : null;
    }

    // offsets[1:]
    private bool IsShifted(string ends, string starts) =>
        graph.Producer(ends) is { OpType: "Slice" } slice
        && slice.Input[0] == starts
        && Constant(slice.InputAt(1)) is [1]
        && Constant(slice.InputAt(2)) is [>= int.MaxValue]
        && (slice.InputAt(4).Length == 0 || Constant(slice.InputAt(4)) is [1]);

    private bool CountsRows(string count, string ends) => Dimension(count) is (var value, 0) && value == ends;

    // Concat(Range(0, elements, length), elements), where length is the matrix's width.
    private bool StepsThroughRows(string offsets, string matrix)
    {
        if (
            graph.Producer(offsets) is not { OpType: "Concat", Input.Count: 2 } concat
            || graph.Producer(concat.Input[0]) is not { OpType: "Range" } range
            || Constant(range.Input[0]) is not [0]
        )
            return false;
        var width = shapes.TryGet(matrix)!.Dims[1];
        return !width.IsUnknown
            && Width(range.Input[2]) == width
            && CountsElements(range.Input[1], matrix)
            && CountsElements(concat.Input[1], matrix);
    }

    // Concat(Range(0, elements, 1), elements)
    private bool StepsThroughVector(string offsets, string vector) =>
        shapes.TryGet(vector) is { Rank: 1 } shape
        && graph.Producer(offsets) is { OpType: "Concat", Input.Count: 2 } concat
        && graph.Producer(concat.Input[0]) is { OpType: "Range" } range
        && Constant(range.Input[0]) is [0]
        && Constant(range.Input[2]) is [1]
        && !shape.Dims[0].IsUnknown
        && Width(range.Input[1]) == shape.Dims[0]
        && Width(concat.Input[1]) == shape.Dims[0];

    private Dim? Width(string value)
    {
        if (Constant(value) is [var constant])
            return Dim.Of(constant);
        return Dimension(value) is var (of, axis) && shapes.TryGet(of) is { } shape && axis < shape.Rank
            ? shape.Dims[axis]
            : null;
    }

    // Of the matrix, or of another of its shape: weights are cut by the offsets made of the ids.
    private bool CountsElements(string value, string matrix)
    {
        if (Dimension(value) is (var vector, 0))
            return graph.Producer(vector) is { OpType: "Reshape" } flat
                && shapes.Rank(vector) == 1
                && SameShape(shapes, flat.Input[0], matrix);
        return graph.Producer(Through(value)) switch
        {
            { OpType: "Size" } size => SameShape(shapes, size.Input[0], matrix),
            { OpType: "ReduceProd" } product => graph.Producer(product.Input[0]) is { OpType: "Shape" } shape
                && shape.Attribute.Count == 0
                && SameShape(shapes, shape.Input[0], matrix),
            _ => false,
        };
    }

    // Gather(Shape(value), axis)
    private (string Value, int Axis)? Dimension(string value) =>
        graph.Producer(Through(value)) is { OpType: "Gather" } pick
        && graph.Producer(pick.Input[0]) is { OpType: "Shape" } shape
        && shape.Attribute.Count == 0
        && Constant(pick.Input[1]) is [>= 0 and var axis]
            ? (shape.Input[0], (int)axis)
            : null;

    private string Through(string value) =>
        graph.Producer(value) is { OpType: "Cast" or "Identity" or "Unsqueeze" or "Squeeze" } pass
            ? Through(pass.Input[0])
            : value;

    private long[]? Constant(string value) => value.Length == 0 ? null : graph.Constant(value)?.ToInt64s();
}
