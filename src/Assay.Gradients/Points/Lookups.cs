using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>Where ids enter: what each lookup returns.</summary>
internal sealed class Lookups(Graph graph, ShapeTable shapes, LabelledRegion region) : PointGraph(graph, shapes, region)
{
    public IEnumerable<AttributionPoint> Find()
    {
        foreach (var node in Graph.Nodes.Where(IsLookup))
            if (node.OpType == "Gather")
                yield return Point(node.Output[0], Region.Find(node.Input[1])!, TableWidth(node.Input[0]));
            else
                foreach (var value in Multiplied(node.Output[0]))
                    yield return Point(value, Region.Find(node.Input[0])!, null);
    }

    private AttributionPoint Point(string value, ValueLabels labels, int? width) =>
        new(value, PointKind.Lookup, labels.BatchAxis, labels.Positions, width ?? RowWidth(value, labels), []);

    // Where rows are flattened into the first axis ([batch × length, width]) that axis holds positions too, so the
    // table tells the width.
    private int TableWidth(string table)
    {
        // A table may be gigabytes: it is read only where nothing else tells its size.
        var stored = Graph.Initialiser(table)?.Dims.ToArray();
        var dims = Shapes.TryGet(table)?.Dims ?? [.. (stored ?? Graph.Constant(table)!.Dims).Select(Dim.Of)];
        return (int)dims.Skip(1).Aggregate(1L, (p, d) => p * (d.Size ?? 1));
    }

    private int RowWidth(string value, ValueLabels labels)
    {
        var dims = Shapes.TryGet(value)?.Dims ?? [];
        var perRow = dims.Where((_, i) => i != labels.BatchAxis).Aggregate(1L, (p, d) => p * (d.Size ?? 1));
        return (int)(perRow / labels.Positions.Length);
    }

    // One-hot × matrix is a lookup: the point is the product, or the one-hot rows themselves, as numbers, if they go
    // elsewhere too.
    private string[] Multiplied(string oneHot)
    {
        var readers = Graph.Consumers(oneHot);
        if (readers.Count > 0 && readers.All(n => n.OpType is "Cast" or "Identity" && IsFloat(n.Output[0])))
            return [.. readers.SelectMany(n => Multiplied(n.Output[0]))];
        return
            readers.Count > 0 && readers.All(n => n.OpType == "MatMul" && n.Input[0] == oneHot && IsTable(n.Input[1]))
            ? [.. readers.Select(n => n.Output[0])]
            : [oneHot];
    }
}
