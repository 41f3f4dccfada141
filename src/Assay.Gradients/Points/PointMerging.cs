using Assay.Gradients.Points;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// Moves points through operators that only rearrange their elements, so that many lookups that a Concat joins are one
/// point. Each element stays one element of one lookup: attributions do not change, but a graph needs one product and
/// one sum instead of one for each lookup.
/// </summary>
public static class PointMerging
{
    /// <summary>The points of which as many as possible are joined.</summary>
    /// <param name="points">Points, those of bags already at their outputs.</param>
    /// <param name="graph">The sorted graph they lie in.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="target">The value explained; no point moves to it or behind it.</param>
    public static IReadOnlyList<AttributionPoint> Merge(
        IReadOnlyList<AttributionPoint> points,
        Graph graph,
        ShapeTable shapes,
        string target
    )
    {
        var moved = new MovedElements(graph, shapes, points, [target, .. graph.Outputs.Select(o => o.Name)]);
        // A value that must be a point anyway is not moved on, unless that joins it with others.
        foreach (var node in moved.Nodes.Reverse().ToArray())
            if (!node.Output.Any(moved.MovesOn) && node.Input.Distinct().Where(moved.Holds).All(moved.IsPoint))
                moved.Retract(node);
        AttributionPoint[] merged =
        [
            .. points.Where(p => !moved.Holds(p.Value)),
            .. moved.Values.Where(moved.IsPoint).Select(Point),
        ];
        return merged.Length == 0 ? points : merged;

        AttributionPoint Point(string value)
        {
            var elements = moved.Elements(value);
            var width = Width(elements);
            var stay = graph.Consumers(value).Where(n => moved.Stays(n, value)).ToArray();
            if (points.FirstOrDefault(p => p.Value == value) is { } own)
                return own with { Keepers = stay };
            var members = moved.Members(value, points);
            var kind = members.Any(p => p.Kind == PointKind.Lookup) ? PointKind.Lookup : PointKind.Numeric;
            InputElement[] positions =
            [
                .. Enumerable.Range(0, elements.Length / width).Select(i => elements[i * width]),
            ];
            return new AttributionPoint(value, kind, BatchAxis: 0, positions, width, stay)
            {
                Pooling = Chain(members, moved.Path(value)),
            };
        }
    }

    // Where a bag takes part, its chain is followed by what moves its output.
    private static BagChain? Chain(AttributionPoint[] members, NodeProto[] path) =>
        members.All(p => p.Pooling is null)
            ? null
            : new BagChain(
                [.. members.SelectMany(p => p.Pooling?.Lookups ?? [p.Value])],
                [.. members.SelectMany(p => p.Pooling?.Chain ?? []), .. path]
            );

    // The longest runs of equal length that each stem from one input element.
    private static int Width(InputElement[] elements)
    {
        var width = 0;
        for (int i = 0, start = 0; i < elements.Length; i++)
            if (i + 1 == elements.Length || elements[i + 1] != elements[start])
            {
                width = Divisor(width, i + 1 - start);
                start = i + 1;
            }
        return width;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
