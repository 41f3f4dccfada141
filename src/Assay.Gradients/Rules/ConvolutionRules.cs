using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Convolutions in any number of dimensions, with groups, strides, pads and dilations.</summary>
internal static class ConvolutionRules
{
    private const string Kernel = "the kernel's size must be an attribute or its shape be known";

    public static readonly GradientRule[] Rows =
    [
        new("Conv", Conv, Since: 12, Note: Kernel),
        new("ConvTranspose", ConvTranspose, Since: 12, Note: Kernel + "; no auto_pad, no output_shape"),
    ];

    private static string?[] Conv(RuleContext c)
    {
        var w = Window.Of(c, c.Input(1));
        return
        [
            c.Needs(0) ? Spread(c.Emit, w, c.G, c.Input(1), c.Node.Int("group", 1), c.X) : null,
            c.Needs(1) ? OfWeights(c, w, c.G, c.X) : null,
            c.Needs(2) ? OfBias(c, w) : null,
        ];
    }

    private static string?[] ConvTranspose(RuleContext c)
    {
        if (c.Node.Ints("output_shape") is not null)
            throw c.Unsupported("output_shape has no rule; give pads");
        var (w, group) = (Window.Of(c, c.Input(1)), c.Node.Int("group", 1));
        return
        [
            c.Needs(0) ? c.Emit.Node("Conv", [c.G, c.Input(1)], [.. w.Attributes, ("group", group)]) : null,
            c.Needs(1) ? OfWeights(c, w, c.X, c.G) : null,
            c.Needs(2) ? OfBias(c, w) : null,
        ];
    }

    /// <summary>
    /// The transposed convolution, in the shape of <paramref name="like"/>: with strides, what no step reached is cut or
    /// filled with zeros at the end.
    /// </summary>
    public static string Spread(Emitter e, Window w, string gradient, string weights, long group, string like)
    {
        if (w.Strides.All(s => s == 1))
            return e.Node("ConvTranspose", [gradient, weights], [.. w.Attributes, ("group", group)]);
        var open = w with { Pads = [.. w.Pads[..w.Rank], .. new long[w.Rank]] };
        var spread = e.Node("ConvTranspose", [gradient, weights], [.. open.Attributes, ("group", group)]);
        var missing = e.Slice(e.Sub(e.Shape(like), e.Shape(spread)), [2], [long.MaxValue], [0]);
        return e.Node("Pad", [spread, e.Concat([e.Int64s(new long[4 + w.Rank]), missing], 0)]);
    }

    // For each position of the kernel the product of the narrow side with what of the wide one stands under it. Written
    // out, as a convolution over the batch would need the narrow side's size as its kernel.
    private static string OfWeights(RuleContext c, Window w, string narrow, string wide)
    {
        var (e, group) = (c.Emit, c.Node.Int("group", 1));
        // [N, C, …] as [N, places, group, channels]
        string Grouped(string value) => e.Reshape(e.Transpose(e.Reshape(value, 0, 0, -1), 0, 2, 1), 0, 0, group, -1);
        var left = Grouped(narrow);
        var taps = w.Taps(e, w.Padded(e, wide))
            .Select(t => e.Node("Einsum", [left, Grouped(t)], ("equation", "nsgm,nsgc->gmc")))
            .Select(t => e.Unsqueeze(t, 3))
            .ToArray();
        return e.ReshapeTo(e.Concat(taps, 3), e.Shape(c.Input(1)));
    }

    private static string OfBias(RuleContext c, Window w) =>
        c.Emit.ReduceSum(c.G, [0, .. Enumerable.Range(2, w.Rank).Select(i => (long)i)], keepDims: false);
}
