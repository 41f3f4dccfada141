using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>What a node costs a row, in multiply-adds.</summary>
internal static class NodeCost
{
    // What reading and writing an element takes beside a multiply-add of a product.
    private const double PerElement = 6;

    /// <summary>Multiply-adds of products: elements of the result times the length of the sum behind each.</summary>
    public static double MultiplyAdds(NodeProto node, ShapeTable shapes)
    {
        if (
            node.OpType is not ("MatMul" or "Gemm" or "Einsum")
            || shapes.TryGet(node.Input[0]) is not { Rank: > 0 } left
            || shapes.TryGet(node.Output[0]) is not { } result
        )
            return 0;
        var sum = left.Dims[node.OpType == "Gemm" && node.Int("transA", 0) == 1 ? 0 : ^1].Size ?? 1;
        return sum * Elements(result);
    }

    /// <summary>The same, with what the elements of all other operators cost.</summary>
    public static double Of(NodeProto node, ShapeTable shapes)
    {
        if (MultiplyAdds(node, shapes) is > 0 and var products)
            return products;
        return node.OpType is "Shape" or "Constant" or "Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze"
            ? 0
            : PerElement * node.Output.Sum(o => shapes.TryGet(o) is { } made && HasRows(made) ? Elements(made) : 0);
    }

    /// <summary>Of several nodes.</summary>
    public static double Of(IEnumerable<NodeProto> nodes, ShapeTable shapes) => nodes.Sum(n => Of(n, shapes));

    /// <summary>Elements of a row of a value; 0 where it has no rows.</summary>
    public static double RowElements(string value, ShapeTable shapes) =>
        shapes.TryGet(value) is { } shape && HasRows(shape) ? Elements(shape) : 0;

    private static bool HasRows(ValueShape shape) => shape.Dims.Any(d => d.Size is null);

    private static double Elements(ValueShape shape) => shape.Dims.Aggregate(1.0, (p, d) => p * (d.Size ?? 1));
}
