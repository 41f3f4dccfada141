using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>Where numbers enter: at the input, or behind their own preprocessing.</summary>
internal sealed class Numbers(Graph graph, ShapeTable shapes, LabelledRegion region) : PointGraph(graph, shapes, region)
{
    /// <summary>Float inputs, and integers where they become floats.</summary>
    public IEnumerable<AttributionPoint> Raw() =>
        Region
            .Values.Where(v => IsFloat(v) && (Graph.IsInput(v) || IsNumberFromInteger(v)))
            .SelectMany(Enter)
            .Where(IsRead);

    /// <summary>The last values of each number's own preprocessing: those that something outside the region reads.</summary>
    public IEnumerable<AttributionPoint> Preprocessed()
    {
        foreach (var value in Region.Values.Where(v => IsFloat(v) && !IsLength(Region.Find(v)!)))
        {
            var inside = Graph.Consumers(value).Where(n => IsInside(n) || n.OpType is "Shape" or "Size").ToArray();
            if (Point(value, inside) is var point && IsRead(point))
                yield return point;
        }
    }

    private AttributionPoint Point(string value, NodeProto[] keepers)
    {
        var labels = Region.Find(value)!;
        return new(value, PointKind.Numeric, labels.BatchAxis, labels.Positions, 1, keepers);
    }

    // Ids that arrive as floats are cast back to integers on their way to a lookup: those edges go on reading the ids
    // themselves. Where a packed input is taken apart into ids and numbers by one node, the numbers enter behind it.
    private IEnumerable<AttributionPoint> Enter(string value)
    {
        var readers = Graph.Consumers(value);
        var toIds = readers.Where(LeadsToIntegers).ToArray();
        var mixed = toIds.Where(n => n.Output.Any(o => LeadsElsewhere(o))).ToArray();
        return
        [
            Point(value, [.. toIds, .. readers.Where(n => n.OpType is "Shape" or "Size")]),
            .. mixed.SelectMany(n => n.Output.Where(o => Region.Find(o) is not null)).SelectMany(Enter),
        ];
    }

    private bool LeadsToIntegers(NodeProto node) =>
        IsCastToInteger(node)
        || (IsInside(node) && node.Output.Any(o => IsFloat(o) && Graph.Consumers(o).Any(LeadsToIntegers)));

    private bool LeadsElsewhere(string value) =>
        IsFloat(value)
        && (
            Graph.Outputs.Any(o => o.Name == value)
            || Graph
                .Consumers(value)
                .Any(n =>
                    !IsCastToInteger(n)
                    && n.OpType is not ("Shape" or "Size")
                    && (!IsInside(n) || n.Output.Any(LeadsElsewhere))
                )
        );

    private bool IsNumberFromInteger(string value) =>
        Graph.Producer(value) is { } cast
        && (cast.OpType == "Cast" || LabelOperators.IsEncoder(cast))
        && !IsFloat(cast.Input[0])
        && Region.Find(cast.Input[0]) is not null
        && !Graph.Consumers(value).All(n => LabelOperators.IsComparison(n.OpType))
        && !IsLength(Region.Find(value)!);

    // An integer held against 0, 1, 2, … is the length of a sequence, which stays the row's as the mask it makes does.
    private bool IsLength(ValueLabels number) =>
        Graph.Nodes.Any(n =>
            LabelOperators.IsComparison(n.OpType)
            && n.Input.Any(i =>
                Region.Find(i) is { } labels && !IsFloat(i) && labels.Positions.Intersect(number.Positions).Any()
            )
            && n.Input.Any(CountsPositions)
        );

    private bool CountsPositions(string value) =>
        Graph.Constant(value) is { Count: > 1 } constant
            ? constant.ToDoubles().Select((v, i) => v - i).Distinct().Count() == 1
            : Graph.Producer(value) is { OpType: "Range" };

    private bool IsInside(NodeProto node) => node.Output.Any(o => Region.Find(o) is not null);

    private bool IsRead(AttributionPoint point) => Graph.Consumers(point.Value).Except(point.Keepers).Any();
}
