using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Points;

/// <summary>Joining points changes no attribution: each graph is held against the one built on the separate points.</summary>
public sealed class PointMergingTests
{
    private const int Rows = 3;

    [Fact]
    public void Lookups_joined_by_a_concat_are_one_point()
    {
        var points = Merged(Joined().Node("Tanh flat -> seen").Node("MatMul seen w -> logit")).Points;
        var point = points.ShouldHaveSingleItem();
        point.Value.ShouldBe("flat");
        (point.Positions.Count, point.Width).ShouldBe((2, 2));
        point.Positions.Select(p => p.Input).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_value_that_is_read_on_its_way_stays_the_only_point() =>
        Merged(
            Joined()
                .Node("ReduceSum rows axes -> sum", ("keepdims", 0L))
                .Node("MatMul flat w -> product")
                .Node("ReduceSum sum last -> total", ("keepdims", 1L))
                .Node("Mul product total -> logit")
        )
            .Points.Select(p => p.Value)
            .ShouldBe(["rows"]);

    [Fact]
    public void What_is_read_beside_its_concat_stays_a_point_of_its_own() =>
        Check(
            Joined()
                .Node("Tanh flat -> seen")
                .Node("MatMul seen w -> product")
                .Node("ReduceSum la last -> own", ("keepdims", 1L))
                .Node("Mul product own -> logit"),
            ["la", "flat"]
        );

    [Fact]
    public void A_transposed_concat_is_followed() =>
        Check(
            Joined()
                .Node("Transpose rows -> turned", ("perm", new long[] { 0, 2, 1 }))
                .Node("Flatten turned -> line")
                .Node("Tanh line -> seen")
                .Node("MatMul seen w -> logit"),
            ["line"]
        );

    [Fact]
    public void A_pooled_bag_joins_lookups() =>
        Check(
            Joined()
                .Input("h", DataType.Int64, "batch", 3L)
                .Tensor("zero", TensorData.Scalar(0L))
                .Tensor("w6", Numbers(6, 1))
                .Tensor("two", TensorData.Int64s(2))
                .Node("Greater h zero -> filled")
                .Node("Cast filled -> mask", ("to", 1L))
                .Node("Unsqueeze mask two -> column")
                .Node("Gather table h -> looked")
                .Node("Mul looked column -> kept")
                .Node("ReduceSum kept axes -> pooled", ("keepdims", 0L))
                .Node("Concat flat pooled -> all", ("axis", 1L))
                .Node("Tanh all -> seen")
                .Node("MatMul seen w6 -> logit"),
            ["all"],
            [new FeatureSlot("h", [new("h", 0), new("h", 1), new("h", 2)])]
        );

    // Two lookups, width 2, as rows [batch, 2, 2] and flat [batch, 4].
    private static SmallModel Joined() =>
        new SmallModel()
            .Input("a", DataType.Int64, "batch")
            .Input("b", DataType.Int64, "batch")
            .Tensor("table", Numbers(4, 2))
            .Tensor("other", Numbers(4, 2))
            .Tensor("w", Numbers(4, 1))
            .Tensor("axes", TensorData.Int64s(1))
            .Tensor("last", TensorData.Int64s(-1))
            .Node("Gather table a -> la")
            .Node("Gather other b -> lb")
            .Node("Unsqueeze la axes -> ua")
            .Node("Unsqueeze lb axes -> ub")
            .Node("Concat ua ub -> rows", ("axis", 1L))
            .Node("Flatten rows -> flat");

    private static TensorData Numbers(params long[] dims) =>
        TensorData.From([.. Enumerable.Range(0, (int)(dims[0] * dims[1])).Select(i => (i * 7 % 11 - 5) / 4f)], dims);

    private sealed record Case(
        OnnxModel Model,
        ShapeTable Shapes,
        Head Head,
        IReadOnlyList<AttributionPoint> Separate,
        IReadOnlyList<AttributionPoint> Points
    );

    private static Case Merged(SmallModel small, FeatureSlot[]? bags = null)
    {
        var (model, measured) = ModelPreparation.Prepare(small.Output("logit", DataType.Float, "batch", 1L).Load());
        var head = Head.Resolve(model, measured, null, Space.Logit);
        var shapes = ShapeProbe.Measure(model);
        var points = BagPooling.Pool(
            AttributionPoints.Find(model, shapes, EntryPoint.Raw),
            model.Graph,
            shapes,
            p => bags is not null && p.Positions.Count > 1
        );
        return new(model, shapes, head, points, PointMerging.Merge(points, model.Graph, shapes, head.Value));
    }

    private static void Check(SmallModel small, string[] expected, FeatureSlot[]? bags = null)
    {
        var c = Merged(small, bags);
        c.Points.Select(p => p.Value).ShouldBe(expected);
        FeatureSlot[] features = [new("a", [new("a", 0)]), new("b", [new("b", 0)]), .. bags ?? []];
        foreach (var weighting in new[] { Weighting.One, Weighting.Input, Weighting.Difference })
        foreach (var rows in new[] { false, true })
            Attributions(c, c.Points, features, weighting, rows)
                .ShouldBe(Attributions(c, c.Separate, features, weighting, rows), 1e-5);
    }

    private static double[] Attributions(
        Case c,
        IReadOnlyList<AttributionPoint> points,
        FeatureSlot[] features,
        Weighting weighting,
        bool rows
    )
    {
        var graph = new PointGraph(c.Model, c.Shapes, DataType.Float, points, features, new GraphBaseline(null, rows));
        using var evaluation = new Evaluation(AttributionGraph.Build(graph, c.Head, weighting), null);
        var feeds = c.Model.Graph.Inputs.ToDictionary(i => i.Name, i => Ids(i.Shape()!.Length > 1 ? 3 : 1, 1));
        foreach (var input in c.Model.Graph.Inputs)
            feeds[GraphCopies.BaselinePrefix + input.Name] = Ids(input.Shape()!.Length > 1 ? 3 : 1, 2);
        var present = TensorData.From([.. features.Select(_ => 0.5f)], 1, features.Length);
        var shared = new Dictionary<string, TensorData> { [AttributionGraph.Present] = present };
        return evaluation.Run(feeds, shared, AttributionGraph.Attributions);
    }

    private static TensorData Ids(int perRow, int step)
    {
        long[] ids = [.. Enumerable.Range(0, Rows * perRow).Select(i => (long)(i * step + step) % 4)];
        return perRow == 1 ? TensorData.From(ids, Rows) : TensorData.From(ids, Rows, perRow);
    }
}
