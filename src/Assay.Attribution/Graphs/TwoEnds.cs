using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Graphs;

/// <summary>
/// The rule of slopes with one interval where rows cannot be followed through the model, or their number is declared: what
/// moves is computed twice, side by side, instead of in blocks of rows.
/// </summary>
internal static class TwoEnds
{
    /// <summary>
    /// The graph that returns <see cref="AttributionGraph.Attributions"/>, <see cref="AttributionGraph.Target"/> and
    /// <see cref="AttributionGraph.BaselineTarget"/>.
    /// </summary>
    /// <exception cref="AssayException">The secant rule cannot share out an operator.</exception>
    public static OnnxModel Build(PointGraph points, Head head)
    {
        var (model, emit) = (points.Model, points.Emit);
        model.Graph.SortTopologically();
        var copies = AtBaseline(points, head.Value);
        model.Proto.Graph.Output.Clear();
        foreach (
            var (name, value) in new[]
            {
                (AttributionGraph.Target, head.Value),
                (AttributionGraph.BaselineTarget, copies.GetValueOrDefault(head.Value, head.Value)),
            }
        )
        {
            emit.Named(name, "Identity", [value]);
            model.Graph.AddOutput(ValueInfos.Tensor(name, points.Type, "batch"));
        }
        model.Graph.SortTopologically();
        var shapes = ShapeProbe.Measure(model);
        var ends = new PathEnds(model, shapes, points.Sources, copies);
        var slopes = ReverseMode.Differentiate(model, [(head.Value, null)], points.Sources, shapes, ends);
        points.Collect([
            .. points.Sources.Select(
                (s, i) =>
                    emit.ReduceSum(emit.Mul(points.AsRows(i, slopes[s]), points.Difference(i)), [2], keepDims: false)
            ),
        ]);
        return points.Finish();
    }

    // Everything between the points and the head once more, with every point at its baseline.
    private static Dictionary<string, string> AtBaseline(PointGraph points, string target)
    {
        var graph = points.Model.Graph;
        var needed = graph.Reaching([target]);
        var names = new Dictionary<string, string>();
        var moving = graph.Downstream([.. points.Sources]);
        var nodes = graph.Nodes.Where(n => needed.Contains(n) && n.Output.Any(moving.Contains)).ToArray();
        var sources = points.Sources.ToHashSet();
        for (var i = 0; i < points.Sources.Length; i++)
            names[points.Sources[i]] = HoistedPath.Start(points, i);
        foreach (var node in nodes.Where(n => !n.Output.Any(sources.Contains)))
        {
            var copy = node.Clone();
            foreach (var read in Subgraphs.Reads(node).Distinct().Where(names.ContainsKey))
                Subgraphs.RenameReads(copy, read, names[read]);
            for (var i = 0; i < copy.Output.Count; i++)
                if (copy.Output[i].Length > 0)
                    copy.Output[i] = names[node.Output[i]] = graph.FreshName("start/" + node.Output[i]);
            copy.Name = copy.Output[0];
            graph.Add(copy);
        }
        return names;
    }
}
