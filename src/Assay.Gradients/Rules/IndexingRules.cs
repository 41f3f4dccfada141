using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Operators that pick elements by index: their gradient puts elements back, adding where one was picked twice.</summary>
internal static class IndexingRules
{
    private const int AddingScatterSince = 16;

    public static readonly GradientRule[] Rows =
    [
        new("Gather", Gather, Note: "repeated or computed indices need opset 16"),
        new("GatherElements", GatherElements, Since: AddingScatterSince),
        new(
            "GatherND",
            GatherNd,
            Since: AddingScatterSince,
            Note: "with batch_dims the rank of the indices must be known"
        ),
        new("Slice", Slice),
        new("TopK", TopK, Note: "of the values; between changes of order"),
        new("ScatterElements", c => Scattered(c, "GatherElements"), Note: "reduction none or add"),
        new("ScatterND", c => Scattered(c, "GatherND"), Note: "reduction none or add"),
    ];

    private static string?[] Gather(RuleContext c)
    {
        var e = c.Emit;
        var indices = c.Input(1);
        if (c.Node.Int("axis", 0) == 0)
            return [ScatterRows(c, c.G, indices, c.Emit.Shape(c.X))];
        // Bring the picked axis to the front, scatter there, and put it back.
        var axis = c.Axis(c.Node.Int("axis", 0), c.X);
        var rank = c.RequiredRank(c.X);
        if (Contiguous(c, indices, axis) is { } range)
            return [PadBack(c, c.G, axis, range, c.Rank(indices) == 0 || c.Constant(indices)!.Dims.Length == 0)];
        var picked =
            c.Rank(indices)
            ?? c.Constant(indices)?.Dims.Length
            ?? throw c.Unsupported("the rank of its indices must be known");
        var front = e.Transpose(c.G, MoveToFront(axis, picked, rank - 1 + picked));
        var shape = e.Gather(e.Shape(c.X), e.Int64s(MoveToFront(axis, 1, rank)));
        var scattered = ScatterRows(c, front, indices, shape);
        return [e.Transpose(scattered, MoveBack(axis, rank))];
    }

    // ScatterND adds each slice of the gradient into the row that its index names.
    private static string ScatterRows(RuleContext c, string gradient, string indices, string shape)
    {
        var e = c.Emit;
        var positive = Positive(c, indices, e.Gather(shape, e.Int64(0)));
        var zeros = e.Node("ConstantOfShape", [shape], ("value", TensorData.From([0.0], 1).Cast(e.FloatType)));
        return Scatter(c, "ScatterND", zeros, e.Unsqueeze(positive, -1), gradient, Unique(c, indices));
    }

    private static string Positive(RuleContext c, string indices, string size)
    {
        var e = c.Emit;
        if (c.Constant(indices) is { } constant && constant.ToInt64s().All(i => i >= 0))
            return e.Constant(TensorData.From(constant.ToInt64s(), constant.Dims));
        var wide = e.Cast(indices, Assay.Onnx.Wire.TensorProto.Types.DataType.Int64);
        return e.Where(e.Node("Less", [wide, e.Int64(0)]), e.Add(wide, size), wide);
    }

    internal static string Scatter(
        RuleContext c,
        string op,
        string zeros,
        string indices,
        string gradient,
        bool unique,
        long? axis = null
    )
    {
        var attributes = new List<(string, object)>();
        if (!unique)
        {
            if (c.Emit.Opset < AddingScatterSince)
                throw c.Unsupported(
                    $"indices that may repeat need opset {AddingScatterSince}; export with it or later"
                );
            attributes.Add(("reduction", "add"));
        }
        if (axis is not null)
            attributes.Add(("axis", axis.Value));
        return c.Emit.Node(op, [zeros, indices, gradient], [.. attributes]);
    }

    private static bool Unique(RuleContext c, string indices) =>
        c.Constant(indices)?.ToInt64s() is { } values
        && values.Distinct().Count() == values.Length
        && values.All(v => v >= 0);

    // Constant indices first, first+1, …, as a column pick or a slice of an axis of known size: padding undoes it.
    private static (long First, long Count, long Size)? Contiguous(RuleContext c, string indices, int axis)
    {
        if (c.Constant(indices) is not { Dims.Length: <= 1 } constant || c.Size(c.X, axis) is not { } size)
            return null;
        var values = constant.ToInt64s().Select(v => v < 0 ? v + size : v).ToArray();
        for (var i = 1; i < values.Length; i++)
            if (values[i] != values[0] + i)
                return null;
        return values.Length == 0 ? null : (values[0], values.Length, size);
    }

    private static string PadBack(
        RuleContext c,
        string gradient,
        int axis,
        (long First, long Count, long Size) range,
        bool dropped
    )
    {
        var g = dropped ? c.Emit.Unsqueeze(gradient, axis) : gradient;
        var pads = new long[2 * c.RequiredRank(c.X)];
        pads[axis] = range.First;
        pads[pads.Length / 2 + axis] = range.Size - range.First - range.Count;
        return pads.All(p => p == 0) ? g : c.Emit.Node("Pad", [g, c.Emit.Int64s(pads)]);
    }

    private static long[] MoveToFront(int axis, int count, int rank) =>
        [
            .. Enumerable.Range(axis, count).Select(i => (long)i),
            .. Enumerable.Range(0, rank).Where(i => i < axis || i >= axis + count).Select(i => (long)i),
        ];

    private static long[] MoveBack(int axis, int rank) =>
        [
            .. Enumerable.Range(1, axis).Select(i => (long)i),
            0,
            .. Enumerable.Range(axis + 1, rank - axis - 1).Select(i => (long)i),
        ];

    private static string?[] GatherElements(RuleContext c)
    {
        var e = c.Emit;
        return
        [
            Scatter(c, "ScatterElements", e.FilledLike(c.X, 0), c.Input(1), c.G, unique: false, c.Node.Int("axis", 0)),
        ];
    }

    private static string?[] GatherNd(RuleContext c)
    {
        var batch = (int)c.Node.Int("batch_dims", 0);
        if (batch > 0)
            return [BatchedGatherNd(c, batch)];
        return [Scatter(c, "ScatterND", c.Emit.FilledLike(c.X, 0), c.Input(1), c.G, unique: false)];
    }

    // The batch flattened to one dimension, whose number becomes the first coordinate of every index.
    private static string BatchedGatherNd(RuleContext c, int batch)
    {
        var (e, indices) = (c.Emit, c.Input(1));
        var rank = c.RequiredRank(indices) - batch + 1;
        string Flat(string value, string shape) =>
            e.ReshapeTo(value, e.Concat([e.Int64s(-1), e.Slice(shape, [batch], [long.MaxValue], [0])], 0));
        var (zeros, at) = (Flat(e.FilledLike(c.X, 0), e.Shape(c.X)), Flat(indices, e.Shape(indices)));
        var one = e.Slice(e.Shape(at), [0], [rank - 1], [0]);
        var rows = e.Reshape(e.Gather(e.Shape(at), e.Int64s(0)));
        var numbers = e.Node("Range", [e.Int64(0), rows, e.Int64(1)]);
        var column = e.Reshape(numbers, [-1, .. Enumerable.Repeat(1L, rank - 1)]);
        var coordinate = e.ExpandTo(column, e.Concat([one, e.Int64s(1)], 0));
        var full = e.Concat([coordinate, at], -1);
        var scattered = Scatter(c, "ScatterND", zeros, full, Flat(c.G, e.Shape(c.G)), unique: false);
        return e.ReshapeTo(scattered, e.Shape(c.X));
    }

    private static string?[] TopK(RuleContext c)
    {
        var zeros = c.Emit.FilledLike(c.X, 0);
        return [Scatter(c, "ScatterElements", zeros, c.Node.Output[1], c.G, unique: true, c.Node.Int("axis", -1))];
    }

    // Where updates replace, nothing of the replaced elements is left; where they add, all of them is.
    private static string?[] Scattered(RuleContext c, string gather)
    {
        var (e, n) = (c.Emit, c.Node);
        var reduction = n.Text("reduction", "none");
        if (reduction is not ("none" or "add"))
            throw c.Unsupported($"reduction '{reduction}' has no rule, only 'none' and 'add' have");
        (string, object)[] axis = gather == "GatherElements" ? [("axis", n.Int("axis", 0))] : [];
        string Blanked() => e.Node(n.OpType, [c.G, c.Input(1), e.FilledLike(c.Input(2), 0)], axis);
        return
        [
            !c.Needs(0) ? null
            : reduction == "add" ? c.G
            : Blanked(),
            null,
            c.Needs(2) ? e.Node(gather, [c.G, c.Input(1)], axis) : null,
        ];
    }

    // Constant bounds with step one along axes of known size are undone by padding; anything else by scattering to the
    // positions that the same slice picks from 0, 1, 2, ….
    private static string?[] Slice(RuleContext c) => [SliceByPadding(c) ?? SliceByScatter(c)];

    private static string? SliceByPadding(RuleContext c)
    {
        var e = c.Emit;
        if (c.Rank(c.X) is not { } rank || SliceBounds.Of(c, rank) is not { } bounds || bounds.Steps.Any(s => s != 1))
            return null;
        var pads = new long[2 * rank];
        for (var i = 0; i < bounds.Axes.Length; i++)
        {
            var axis = bounds.Axes[i];
            if (c.Size(c.X, axis) is not { } size)
                return null;
            var (start, end) = (SliceBounds.Clamp(bounds.Starts[i], size), SliceBounds.Clamp(bounds.Ends[i], size));
            (pads[axis], pads[rank + axis]) = (start, size - Math.Max(start, end));
        }
        return pads.All(p => p == 0) ? c.G : e.Node("Pad", [c.G, e.Int64s(pads)]);
    }

    private static string SliceByScatter(RuleContext c)
    {
        var e = c.Emit;
        var count = e.Node("Size", [c.X]);
        var positions = e.ReshapeTo(e.Node("Range", [e.Int64(0), count, e.Int64(1)]), e.Shape(c.X));
        var slice = new[] { positions }.Concat(c.Node.Input.Skip(1)).ToArray();
        var flat = e.Reshape(e.Node("Slice", slice), -1);
        var zeros = e.Reshape(e.FilledLike(c.X, 0), -1);
        var scattered = Scatter(c, "ScatterElements", zeros, flat, e.Reshape(c.G, -1), unique: true, 0);
        return e.ReshapeTo(scattered, e.Shape(c.X));
    }
}
