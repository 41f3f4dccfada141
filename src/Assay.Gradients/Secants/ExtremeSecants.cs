using Assay.Onnx;

namespace Assay.Gradients.Secants;

/// <summary>
/// The largest of several values over an interval along which each moves on a straight line: element i is charged with the
/// part of the interval in which it is the largest, the exact integral of the derivative.
/// </summary>
internal static class ExtremeSecants
{
    // Each is compared with each other.
    private const long Most = 64;

    // Stands for −∞, with which nothing can be computed.
    private const double Bottom = 1e30;

    public static readonly SecantRule[] Rows =
    [
        new("ReduceMax", c => [Largest(c, Axis(c), 1), null]),
        new("ReduceMin", c => [Largest(c, Axis(c), -1), null]),
        new("GlobalMaxPool", c => [Largest(c, c.Rank(0) == 3 ? 2 : throw c.Unsupported("it pools several axes"), 1)]),
    ];

    private static long Axis(SecantContext c) =>
        c.ReducedAxes() is [var axis] ? axis : throw c.Unsupported("it goes over several axes");

    private static string Largest(SecantContext c, long axis, int sign)
    {
        if (c.Size(0, axis) is not <= Most)
            throw c.Unsupported($"it goes over more than {Most} elements, or an unknown number of them");
        var e = c.Emit;
        var (low, high) = (Finite(e, c.Lower(0), sign), Finite(e, c.Upper(0), sign));
        var slope = e.Sub(high, low);
        // Of i in rows against j in columns: how far j lies above at the start, how much faster i rises, where they meet.
        string Own(string value) => e.Unsqueeze(value, axis + 1);
        string Other(string value) => e.Unsqueeze(value, axis);
        var above = e.Sub(Other(low), Own(low));
        var faster = e.Sub(Own(slope), Other(slope));
        var parallel = e.Node("Equal", [faster, e.Scalar(0)]);
        var meet = e.Div(above, e.Where(parallel, e.Scalar(1), faster));
        var never = e.Where(e.Node("Greater", [above, e.Scalar(0)]), e.Scalar(-1), e.Scalar(1));
        var from = e.Where(e.Node("Greater", [faster, e.Scalar(0)]), meet, e.Scalar(0));
        var to = e.Where(parallel, never, e.Where(e.Node("Less", [faster, e.Scalar(0)]), meet, e.Scalar(1)));
        var begin = e.Reduce("ReduceMax", from, [axis + 1], keepDims: false);
        var end = e.Reduce("ReduceMin", to, [axis + 1], keepDims: false);
        var part = e.Node("Relu", [e.Sub(end, begin)]);
        // Values that move as one share their part.
        var same = e.Node("And", [parallel, e.Node("Equal", [above, e.Scalar(0)])]);
        var alike = e.ReduceSum(e.Cast(same, e.FloatType), [axis + 1], keepDims: false);
        return e.Mul(c.Kept(c.G), e.Div(part, alike));
    }

    private static string Finite(Emitter e, string value, int sign)
    {
        var clipped = e.Node("Clip", [value, e.Scalar(-Bottom), e.Scalar(Bottom)]);
        return sign > 0 ? clipped : e.Neg(clipped);
    }
}
