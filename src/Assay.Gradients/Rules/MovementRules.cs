using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Operators that only move or repeat elements.</summary>
internal static class MovementRules
{
    public static readonly GradientRule[] Rows =
    [
        new("Reshape", Restore),
        new("Flatten", Restore),
        new("Squeeze", Restore),
        new("Unsqueeze", Restore),
        new("Transpose", Transpose),
        new("Concat", Concat),
        new("Split", Split),
        new("Expand", c => [c.SumTo(c.G, c.X), null]),
        new("Tile", Tile, Note: "constant repeats"),
        new("CumSum", CumSum),
        new("Trilu", Trilu, Since: 14),
        new("Pad", Pad, Note: "all modes, other than constant from opset 16; the constant gets no gradient"),
    ];

    // Every operator that keeps the order of the elements is undone by the input's own shape.
    private static string?[] Restore(RuleContext c)
    {
        var e = c.Emit;
        if (c.StaticButOne(c.X) is { } dims)
            return [e.Reshape(c.G, dims)];
        return [e.ReshapeTo(c.G, e.Shape(c.X))];
    }

    private static string?[] Transpose(RuleContext c)
    {
        if (c.Node.Ints("perm") is not { } permutation)
            return [c.Emit.Node("Transpose", [c.G])];
        var inverse = new long[permutation.Length];
        for (var i = 0; i < permutation.Length; i++)
            inverse[permutation[i]] = i;
        return [c.Transposed(c.G, inverse)];
    }

    private static string?[] Concat(RuleContext c)
    {
        var e = c.Emit;
        var axis = c.Node.Int("axis", 0);
        if (c.Inputs == 1)
            return [c.G];
        var sizes = StaticSizes(c, axis);
        var known = sizes.All(s => s is not null);
        if (e.Opset < OperatorForms.ParametersAsInputSince("Split"))
        {
            if (!known)
                throw c.Unsupported("the sizes it joins must be known below opset 13");
            return e.Nodes("Split", [c.G], c.Inputs, ("axis", axis), ("split", sizes.Select(s => s!.Value).ToArray()));
        }
        var sections = known
            ? e.Int64s([.. sizes.Select(s => s!.Value)])
            : e.Concat([.. c.Node.Input.Select(i => e.Gather(e.Shape(i), e.Int64s(axis)))], 0);
        return e.Nodes("Split", [c.G, sections], c.Inputs, ("axis", axis));
    }

    private static long?[] StaticSizes(RuleContext c, long axis) =>
        [.. c.Node.Input.Select(i => c.Rank(i) is { } rank ? c.Size(i, (int)(axis < 0 ? axis + rank : axis)) : null)];

    private static string?[] Split(RuleContext c)
    {
        var parts = c.Node.Output.Select((o, i) => c.OutputGradient(i) ?? c.Emit.FilledLike(o, 0)).ToArray();
        return [c.Emit.Concat(parts, c.Node.Int("axis", 0))];
    }

    // Split each repeated dimension into (repeats, size) and sum the repeats.
    private static string?[] Tile(RuleContext c)
    {
        var e = c.Emit;
        var repeats =
            c.Constant(c.Input(1))?.ToInt64s() ?? throw c.Unsupported("its repeats are computed by the graph");
        var interleaved = new List<string>();
        var shape = e.Shape(c.X);
        for (var i = 0; i < repeats.Length; i++)
        {
            interleaved.Add(e.Int64s(repeats[i]));
            interleaved.Add(e.Gather(shape, e.Int64s(i)));
        }
        var split = e.ReshapeTo(c.G, e.Concat(interleaved, 0));
        return [e.ReduceSum(split, [.. repeats.Select((_, i) => 2L * i)], keepDims: false)];
    }

    // An element counts in all sums behind it, so its gradient sums all from behind.
    private static string?[] CumSum(RuleContext c)
    {
        var n = c.Node;
        var (exclusive, reverse) = (n.Int("exclusive", 0), 1 - n.Int("reverse", 0));
        return [c.Emit.Node("CumSum", [c.G, c.Input(1)], ("exclusive", exclusive), ("reverse", reverse))];
    }

    private static string?[] Trilu(RuleContext c) =>
        [c.Emit.Node("Trilu", [c.G, .. c.Node.Input.Skip(1)], ("upper", c.Node.Int("upper", 1)))];

    // Padding by p is undone by padding by −p: negative pads cut, positive ones restore what was cut as zeros.
    private static string?[] Pad(RuleContext c)
    {
        var e = c.Emit;
        if (c.Node.Text("mode", "constant") != "constant")
            return [PadByCopies(c)];
        var pads = c.Constant(c.Input(1)) is { } known
            ? e.Int64s([.. known.ToInt64s().Select(p => -p)])
            : e.Neg(c.Input(1));
        return [c.Input(3).Length > 0 ? e.Node("Pad", [c.G, pads, "", c.Input(3)]) : e.Node("Pad", [c.G, pads])];
    }

    // Where padding repeats elements, each gets what its copies receive: the same padding of 0, 1, 2, … says whose they are.
    private static string PadByCopies(RuleContext c)
    {
        var e = c.Emit;
        var numbers = e.Node("Range", [e.Int64(0), e.Node("Size", [c.X]), e.Int64(1)]);
        var positions = new[] { e.ReshapeTo(numbers, e.Shape(c.X)) }.Concat(c.Node.Input.Skip(1));
        // The constant is of the input's type, and unused.
        var inputs = positions.Select((name, i) => i == 2 ? "" : name).ToArray();
        var copies = e.Reshape(e.Node("Pad", inputs, ("mode", c.Node.Text("mode", "constant"))), -1);
        var zeros = e.Reshape(e.FilledLike(c.X, 0), -1);
        var sums = IndexingRules.Scatter(c, "ScatterElements", zeros, copies, e.Reshape(c.G, -1), unique: false, 0);
        return e.ReshapeTo(sums, e.Shape(c.X));
    }
}
