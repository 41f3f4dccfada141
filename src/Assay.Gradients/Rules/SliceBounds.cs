using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Bounds of a Slice node that are constants.</summary>
internal sealed record SliceBounds(long[] Starts, long[] Ends, int[] Axes, long[] Steps)
{
    /// <summary>The bounds, or null where one is computed by the graph.</summary>
    public static SliceBounds? Of(RuleContext c, int rank)
    {
        var (starts, ends) = (Read(c, "starts", 1), Read(c, "ends", 2));
        if (starts is null || ends is null)
            return null;
        var axes = c.Input(3).Length > 0 || c.Node.Ints("axes") is not null ? Read(c, "axes", 3) : Range(starts.Length);
        var steps = c.Input(4).Length > 0 ? Read(c, "steps", 4) : Enumerable.Repeat(1L, starts.Length).ToArray();
        return axes is null || steps is null
            ? null
            : new(starts, ends, [.. axes.Select(a => (int)(a < 0 ? a + rank : a))], steps);
    }

    /// <summary>A bound counted from the front and limited to the axis.</summary>
    public static long Clamp(long bound, long size) => Math.Clamp(bound < 0 ? bound + size : bound, 0, size);

    private static long[]? Read(RuleContext c, string attribute, int index) =>
        c.Node.Ints(attribute) ?? c.Constant(c.Input(index))?.ToInt64s();

    private static long[] Range(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];
}
