using Assay.Onnx;

namespace Assay.Runtime;

/// <summary>How much memory one row touches.</summary>
internal static class RowFootprint
{
    /// <summary>
    /// Bytes that one row occupies in the operands and results of the operator where that is most. A symbol other than
    /// a leading one counts 32, as for a history of middling length.
    /// </summary>
    public static long Bytes(Graph graph, ShapeTable shapes)
    {
        var widest = 0L;
        foreach (var node in graph.Nodes)
            widest = Math.Max(widest, Subgraphs.Reads(node).Concat(node.Output).Sum(v => PerRow(shapes.TryGet(v))));
        return widest;
    }

    private static long PerRow(ValueShape? shape) =>
        shape is null
        || shape.Dims.Length == 0
        || shape.Dims[0].Size is not null
        || !ElementTypes.IsSupported(shape.Type)
            ? 0
            : shape.Dims.Skip(1).Aggregate((long)ElementTypes.Size(shape.Type), (bytes, d) => bytes * (d.Size ?? 32));
}
