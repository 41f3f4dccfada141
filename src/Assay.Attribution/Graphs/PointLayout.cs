using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Graphs;

/// <summary>Brings an attribution point to the shape [rows, positions, width] and back.</summary>
internal sealed class PointLayout(AttributionPoint point, ShapeTable shapes)
{
    /// <summary>The point's value, or one of its shape, as [rows, positions, width].</summary>
    public string ToRows(Emitter e, string value)
    {
        if (IsRows())
            return value;
        if (point.BatchAxis != 0)
            value = e.Transpose(value, InFront());
        return e.Reshape(value, -1, point.Positions.Count, point.Width);
    }

    /// <summary>A value [rows, positions, width] in the shape of the point.</summary>
    public string FromRows(Emitter e, string value)
    {
        if (IsRows())
            return value;
        if (point.BatchAxis == 0)
            return e.ReshapeTo(value, e.Shape(point.Value));
        var moved = e.Shape(e.Transpose(point.Value, InFront()));
        return e.Transpose(e.ReshapeTo(value, moved), Back());
    }

    private bool IsRows() =>
        point.BatchAxis == 0
        && shapes.TryGet(point.Value)?.Dims is [_, { Size: { } positions }, { Size: { } width }]
        && (positions, width) == (point.Positions.Count, point.Width);

    private long[] InFront()
    {
        var rank = Rank();
        return [point.BatchAxis, .. Enumerable.Range(0, rank).Where(i => i != point.BatchAxis).Select(i => (long)i)];
    }

    private long[] Back()
    {
        var order = InFront();
        var back = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
            back[order[i]] = i;
        return back;
    }

    private int Rank() =>
        shapes.Rank(point.Value) ?? throw AssayException.Input($"The rank of '{point.Value}' is unknown.");
}
