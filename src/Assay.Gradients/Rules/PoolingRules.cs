using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Pooling over windows and over all places.</summary>
internal static class PoolingRules
{
    public static readonly GradientRule[] Rows =
    [
        new("AveragePool", Average, Since: 12, Note: "no ceil_mode"),
        new("MaxPool", Max, Since: 12, Note: "no ceil_mode; a tie is shared equally by all that attain it"),
        new("GlobalAveragePool", GlobalAverage),
        new("GlobalMaxPool", GlobalMax, Note: "a tie is shared equally by all that attain it"),
    ];

    // Channels are pooled one by one, as if they were rows.
    private static string ByChannel(RuleContext c, Window w, string value)
    {
        var e = c.Emit;
        var places = e.Slice(e.Shape(value), [2], [2 + w.Rank], [0]);
        return e.ReshapeTo(value, e.Concat([e.Int64s(-1, 1), places], 0));
    }

    private static string?[] Average(RuleContext c)
    {
        var (e, w) = (c.Emit, Window.Of(c, null));
        var (x, g) = (ByChannel(c, w, c.X), ByChannel(c, w, c.G));
        var count = w.Kernel.Aggregate(1L, (a, b) => a * b);
        var ones = e.Constant(
            TensorData.From([.. Enumerable.Repeat(1.0, (int)count)], [1, 1, .. w.Kernel]).Cast(e.FloatType)
        );
        var whole = c.Node.Int("count_include_pad", 0) == 1 || w.Pads.All(p => p == 0);
        // Padding does not count, so a window on the border averages fewer.
        var counts = whole ? e.Scalar(count) : e.Node("Conv", [e.FilledLike(x, 1), ones], w.Attributes);
        var spread = ConvolutionRules.Spread(e, w, e.Div(g, counts), ones, 1, x);
        return [e.ReshapeTo(spread, e.Shape(c.X))];
    }

    // Each place of the kernel gets a channel that says where it attains the maximum; a transposed convolution that sends
    // channel k to place k puts the gradients back.
    private static string?[] Max(RuleContext c)
    {
        var (e, w) = (c.Emit, Window.Of(c, null));
        var (x, y, g) = (ByChannel(c, w, c.X), ByChannel(c, w, c.Y), ByChannel(c, w, c.G));
        var taps = e.Concat([.. w.Taps(e, w.Padded(e, x, -1e30))], 1);
        var attains = e.Cast(e.Node("Equal", [taps, y]), e.FloatType);
        var shares = e.Mul(attains, e.Div(g, e.ReduceSum(attains, [1], keepDims: true)));
        var count = (int)w.Kernel.Aggregate(1L, (a, b) => a * b);
        var identity = new double[count * count];
        for (var i = 0; i < count; i++)
            identity[i * count + i] = 1;
        var weights = e.Constant(TensorData.From(identity, [count, 1, .. w.Kernel]).Cast(e.FloatType));
        return [e.ReshapeTo(ConvolutionRules.Spread(e, w, shares, weights, 1, x), e.Shape(c.X))];
    }

    private static string?[] GlobalAverage(RuleContext c)
    {
        var e = c.Emit;
        var places = e.Div(e.Node("Size", [c.X]), e.Node("Size", [c.Y]));
        return [e.ExpandTo(e.Div(c.G, e.Cast(places, e.FloatType)), e.Shape(c.X))];
    }

    private static string?[] GlobalMax(RuleContext c)
    {
        var e = c.Emit;
        var attains = e.Cast(e.Node("Equal", [c.X, c.Y]), e.FloatType);
        var ties = e.ReshapeTo(e.ReduceSum(e.Reshape(attains, 0, 0, -1), [2], keepDims: true), e.Shape(c.Y));
        return [e.Mul(attains, e.Div(c.G, ties))];
    }
}
