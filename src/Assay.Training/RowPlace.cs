using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training;

/// <summary>Where one row's numbers of a value lie inside another value, whose rows are longer.</summary>
/// <param name="Value">The value that holds them.</param>
/// <param name="Offset">The first in each row.</param>
/// <param name="Width">How many in each row.</param>
/// <param name="Stride">The length of a row of <paramref name="Value"/>.</param>
internal sealed record RowPlace(string Value, int Offset, int Width, int Stride)
{
    private static readonly HashSet<string> Moves = ["Unsqueeze", "Squeeze", "Reshape", "Flatten", "Identity"];

    /// <summary>
    /// The outermost value that holds what a lookup returned and nothing else reads: the end of a chain of reshapes and
    /// joins along rows. Its gradient holds that of the lookup, so it need not be taken apart. Null where the rows of
    /// the value are not known to be those of the batch.
    /// </summary>
    public static RowPlace? Holding(Graph graph, ShapeTable shapes, string value)
    {
        if (RowWidth(shapes, value, null) is not { } own)
            return null;
        var batch = shapes.TryGet(value)!.Dims[0].Symbol!;
        var place = new RowPlace(value, 0, own, own);
        while (
            graph.Outputs.All(o => o.Name != place.Value)
            && graph.Consumers(place.Value) is [var node]
            && Next(node, place, shapes, batch) is { } next
        )
            place = next;
        return place;
    }

    /// <summary>Where ids lie in an input that is fed: the input itself, or a column of it. Null elsewhere.</summary>
    public static RowPlace? OfIds(Graph graph, ShapeTable shapes, string ids)
    {
        if (RowWidth(shapes, ids, null) is not { } width || shapes.TryGet(ids)!.Type != DataType.Int64)
            return null;
        if (graph.IsInput(ids))
            return new RowPlace(ids, 0, width, width);
        var batch = shapes.TryGet(ids)!.Dims[0].Symbol!;
        if (
            graph.Producer(ids) is { OpType: "Gather" } pick
            && pick.Int("axis", 0) == 1
            && graph.IsInput(pick.Input[0])
            && shapes.TryGet(pick.Input[0]) is { Rank: 2 }
            && RowWidth(shapes, pick.Input[0], batch) is { } columns
            && graph.Constant(pick.Input[1]) is { Count: 1 } index
        )
        {
            var column = (int)index.ToDoubles()[0];
            return new RowPlace(pick.Input[0], column < 0 ? column + columns : column, 1, columns);
        }
        return null;
    }

    private static RowPlace? Next(NodeProto node, RowPlace place, ShapeTable shapes, string batch)
    {
        if (
            node.Output.Count != 1
            || node.Input.Count(i => i == place.Value) != 1
            || RowWidth(shapes, node.Output[0], batch) is not { } stride
        )
            return null;
        if (Moves.Contains(node.OpType))
            return node.Input[0] == place.Value && stride == place.Stride
                ? place with
                {
                    Value = node.Output[0],
                }
                : null;
        if (node.OpType != "Concat" || shapes.TryGet(node.Output[0]) is not { } joined)
            return null;
        var axis = (int)node.Int("axis", 0);
        axis += axis < 0 ? joined.Rank : 0;
        if (axis < 1 || joined.Dims[1..axis].Any(d => d.Size != 1))
            return null;
        var before = 0;
        foreach (var part in node.Input)
        {
            if (part == place.Value)
                return new RowPlace(node.Output[0], before + place.Offset, place.Width, stride);
            if (RowWidth(shapes, part, batch) is not { } width)
                return null;
            before += width;
        }
        return null;
    }

    /// <summary>The length of a row, where the first dimension is the batch and all others are known.</summary>
    private static int? RowWidth(ShapeTable shapes, string value, string? batch) =>
        shapes.TryGet(value) is { Rank: >= 1 } shape
        && shape.Dims[0].Symbol is { } symbol
        && (batch is null || batch == symbol)
        && shape.Dims.Skip(1).All(d => d.Size is not null)
            ? (int)shape.Dims.Skip(1).Aggregate(1L, (a, d) => a * d.Size!.Value)
            : null;
}
