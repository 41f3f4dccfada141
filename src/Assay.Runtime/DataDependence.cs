using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>
/// Values whose size depends on what is fed, not only on the sizes fed (the rows that NonZero finds). Measuring with
/// constant feeds sees such a size stay and would take it for static.
/// </summary>
internal sealed class DataDependence
{
    private readonly HashSet<NodeProto> sources = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the nodes whose outputs' sizes depend on the elements of an input of the graph.</summary>
    public static DataDependence Find(Graph graph)
    {
        var found = new DataDependence();
        var elements = graph.Inputs.Select(i => i.Name).ToHashSet();
        foreach (var node in graph.Nodes)
        {
            if (SizedBy(node).Any(i => elements.Contains(node.InputAt(i))))
                found.sources.Add(node);
            // What Shape and Size return depends on sizes alone.
            if (node.OpType is not ("Shape" or "Size") && Subgraphs.Reads(node).Any(elements.Contains))
                elements.UnionWith(node.Output);
        }
        return found;
    }

    /// <summary>
    /// Makes unknown the dimensions these nodes yield, and downstream those of the same size; symbols stay.
    /// </summary>
    public void Withdraw(Graph graph, ShapeTable table)
    {
        foreach (var node in sources)
        {
            var suspects = node.Output.SelectMany(o => table.TryGet(o)?.Dims ?? []).ToHashSet();
            suspects.RemoveWhere(d => d.Size is null);
            foreach (var value in graph.Downstream(node.Output.Where(o => o.Length > 0)))
                if (table.TryGet(value) is { } shape)
                    table.Set(
                        value,
                        shape with
                        {
                            Dims =
                            [
                                .. shape.Dims.Select(d => d.Size is not null && suspects.Contains(d) ? Dim.Unknown : d),
                            ],
                        }
                    );
        }
    }

    /// <summary>The inputs of an operator whose elements decide the size of its outputs.</summary>
    private static int[] SizedBy(NodeProto node) =>
        node.OpType switch
        {
            "NonZero" or "Unique" or "ConstantOfShape" => [0],
            "Reshape" or "Expand" or "Tile" or "TopK" or "OneHot" or "Compress" or "Pad" or "Split" => [1],
            "Range" => [0, 1, 2],
            "Slice" => [1, 2, 4],
            "NonMaxSuppression" => [0, 1, 2],
            "Loop" => [0, 1],
            "If" => [0],
            "StringSplit" => [0],
            _ => [],
        };
}
