using Assay.Gradients.Points;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>Finds the values at which features enter the differentiable part of a model.</summary>
public static class AttributionPoints
{
    /// <summary>
    /// The points of a prepared model: for ids what each lookup returns (all lookups of an id count), for numbers the
    /// input or the end of its own preprocessing.
    /// </summary>
    /// <param name="model">A model from <see cref="Preparation.ModelPreparation"/>.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="numbers">Where numeric features enter.</param>
    public static IReadOnlyList<AttributionPoint> Find(OnnxModel model, ShapeTable shapes, EntryPoint numbers)
    {
        var region = LabelledRegion.Find(model, shapes);
        var search = new Search(model.Graph, shapes, region);
        return [.. search.Lookups(), .. numbers == EntryPoint.Raw ? search.RawNumbers() : search.PreprocessedNumbers()];
    }

    private sealed class Search(Graph graph, ShapeTable shapes, LabelledRegion region)
    {
        public IEnumerable<AttributionPoint> Lookups()
        {
            foreach (var node in graph.Nodes)
                if (
                    node.OpType == "Gather"
                    && node.Int("axis", 0) == 0
                    && IsTable(node.Input[0])
                    && region.Find(node.Input[1]) is { } ids
                )
                    yield return Point(node.Output[0], PointKind.Lookup, ids, []);
                else if (
                    node.OpType == "OneHot"
                    && node.Int("axis", -1) == -1
                    && region.Find(node.Input[0]) is { } encoded
                )
                    foreach (var value in Multiplied(node.Output[0]))
                        yield return Point(value, PointKind.Lookup, encoded, []);
        }

        public IEnumerable<AttributionPoint> RawNumbers()
        {
            foreach (var value in region.Values)
                if (IsFloat(value) && (graph.IsInput(value) || IsNumberFromInteger(value)))
                    if (
                        Point(value, PointKind.Numeric, region.Find(value)!, ToIntegers(value)) is { } point
                        && IsRead(point)
                    )
                        yield return point;
        }

        // The last values of each number's own preprocessing: those that something outside the region reads.
        public IEnumerable<AttributionPoint> PreprocessedNumbers()
        {
            foreach (var value in region.Values)
            {
                if (!IsFloat(value))
                    continue;
                var inside = graph.Consumers(value).Where(n => IsInside(n) || !ReadsNumbers(n)).ToArray();
                var point = Point(value, PointKind.Numeric, region.Find(value)!, inside);
                if (IsRead(point))
                    yield return point;
            }
        }

        private AttributionPoint Point(string value, PointKind kind, ValueLabels labels, NodeProto[] keepers)
        {
            var dims = shapes.TryGet(value)?.Dims ?? [];
            var perRow = 1L;
            for (var i = 0; i < dims.Length; i++)
                if (i != labels.BatchAxis)
                    perRow *= dims[i].Size ?? 1;
            // Where rows are flattened into the first axis ([batch × length, width]) that axis holds positions too.
            var width = kind == PointKind.Numeric ? 1 : LookupWidth(value, labels, perRow);
            return new AttributionPoint(value, kind, labels.BatchAxis, labels.Positions, width, keepers);
        }

        private int LookupWidth(string value, ValueLabels labels, long perRow)
        {
            var node = graph.Producer(value)!;
            if (node.OpType != "Gather")
                return (int)(perRow / labels.Positions.Length);
            var table = shapes.TryGet(node.Input[0])?.Dims ?? [.. graph.Constant(node.Input[0])!.Dims.Select(Dim.Of)];
            return (int)table.Skip(1).Aggregate(1L, (p, d) => p * (d.Size ?? 1));
        }

        private bool IsTable(string value) =>
            !graph.Downstream([.. graph.Inputs.Select(i => i.Name)]).Contains(value) && IsFloat(value);

        private bool IsFloat(string value) =>
            shapes.TryGet(value) is { } shape
                ? ElementTypes.IsFloat(shape.Type)
                : graph.Initialiser(value) is { } tensor
                    && ElementTypes.IsFloat((TensorProto.Types.DataType)tensor.DataType);

        private bool IsNumberFromInteger(string value) =>
            graph.Producer(value) is { OpType: "Cast" } cast
            && !IsFloat(cast.Input[0])
            && region.Find(cast.Input[0]) is not null;

        private bool IsInside(NodeProto node) => node.Output.Any(o => region.Find(o) is not null);

        private static bool ReadsNumbers(NodeProto node) => node.OpType is not ("Shape" or "Size");

        // Ids that arrive as floats are cast back to integers on their way to a lookup: that edge carries no gradient.
        private NodeProto[] ToIntegers(string value) =>
            [
                .. graph
                    .Consumers(value)
                    .Where(n =>
                        n.OpType == "Cast" && !ElementTypes.IsFloat((TensorProto.Types.DataType)n.Int("to", 1))
                    ),
            ];

        private bool IsRead(AttributionPoint point) => graph.Consumers(point.Value).Except(point.Keepers).Any();

        // One-hot × matrix is a lookup: the point is the product, or the one-hot rows themselves if they go elsewhere too.
        private string[] Multiplied(string oneHot)
        {
            var products = graph.Consumers(oneHot);
            return products.All(n => n.OpType == "MatMul" && n.Input[0] == oneHot && IsTable(n.Input[1]))
                ? [.. products.Select(n => n.Output[0])]
                : [oneHot];
        }
    }
}
