using Assay.Attribution;
using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Quadrature;

/// <summary>
/// Speed of the hoisted integral beside the naive one, and what the share of multiply-adds in the linear front allows:
/// n (front + middle) over n · middle + 1.5 · front, as the front is evaluated twice forward and once backward.
/// </summary>
internal static class CeilingTable
{
    private const int Nodes = 32;

    public static void Write(string folder, int rows)
    {
        Console.WriteLine(
            "| model | at | share of front | ceiling | nodes hoisted, times naive | of ceiling | secant, times naive |"
        );
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var real in RealModel.All(folder, rows, float64: false))
        {
            var share = Share(real.Explained);
            var ceiling = Nodes / (Nodes * (1 - share) + 1.5 * share);
            var rule = PathRule.Of(PathRule.GaussLegendreName, Nodes);
            var times = RealModel.Times(
                9,
                () => real.Explained.NodeByNode(real.Explained.Feeds(real.Rows), rule),
                () => real.Explained.Along(real.Explained.Feeds(real.Rows), rule),
                () => real.Default(Nodes)
            );
            Console.WriteLine(
                FormattableString.Invariant(
                    $"| {real.Name} | {real.At.ToString().ToLowerInvariant()} | {share:0.00} | {ceiling:0.0} | {times[0] / times[1]:0.0} | {100 * times[0] / times[1] / ceiling:0} % | {times[0] / times[2]:0.0} |"
                )
            );
        }
    }

    private static double Share(ExplainedModel explained)
    {
        var points = explained.Points();
        var graph = points.Model.Graph;
        graph.SortTopologically();
        var shapes = points.Shapes();
        AffineBlocks.Split(points.Model, shapes, points.Sources, explained.Head.Value);
        var front = AffineFront.Find(graph, points.Sources, explained.Head.Value);
        var needed = graph.Reaching([explained.Head.Value]);
        double Sum(IEnumerable<Onnx.Wire.NodeProto> nodes) => nodes.Sum(n => MultiplyAdds(n, shapes));
        var inFront = Sum(front.Nodes.Where(needed.Contains));
        return inFront / Sum(graph.Nodes.Where(needed.Contains));
    }

    // Per row: outputs × the length of the sum behind each.
    private static double MultiplyAdds(Onnx.Wire.NodeProto node, ShapeTable shapes)
    {
        if (node.OpType is not ("MatMul" or "Gemm" or "Einsum"))
            return 0;
        var (a, y) = (shapes.TryGet(node.Input[0]), shapes.TryGet(node.Output[0]));
        if (a is null || y is null)
            return 0;
        var sum = a.Dims[^1].Size ?? 1;
        return sum * y.Dims.Aggregate(1.0, (p, d) => p * (d.Size ?? 1));
    }
}
