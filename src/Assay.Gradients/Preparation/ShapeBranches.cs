using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Resolves If nodes whose condition asks about a dimension that is the same at every batch size, the way exporters
/// write a Squeeze of a dimension they do not know: the branch taken is inlined under the If's own output names.
/// </summary>
internal static class ShapeBranches
{
    /// <summary>Inlines what can be decided; returns whether anything changed. The graph is left unsorted.</summary>
    public static bool Resolve(OnnxModel model, ShapeTable shapes)
    {
        var changed = false;
        foreach (var node in model.Graph.Nodes.Where(n => n.OpType == "If" && OnnxModel.IsStandard(n.Domain)).ToArray())
            if (Decide(model.Graph, shapes, node.Input[0]) is { } taken)
            {
                Inline(model.Graph, node, node.Attribute(taken ? "then_branch" : "else_branch")!.G);
                changed = true;
            }
        return changed;
    }

    private static bool? Decide(Graph graph, ShapeTable shapes, string condition)
    {
        if (graph.Constant(condition) is { } constant)
            return constant is { Count: 1, Values: bool[] } ? constant.ToDoubles()[0] != 0 : null;
        if (graph.Producer(condition) is not { OpType: "Equal" or "Not" or "Identity" or "Squeeze" or "Cast" } node)
            return null;
        if (node.OpType == "Not")
            return !Decide(graph, shapes, node.Input[0]);
        if (node.OpType != "Equal")
            return Decide(graph, shapes, node.Input[0]);
        var (a, b) = (Number(graph, shapes, node.Input[0]), Number(graph, shapes, node.Input[1]));
        return a is null || b is null ? null : a == b;
    }

    // A constant, or a static dimension picked out of a Shape.
    internal static long? Number(Graph graph, ShapeTable shapes, string value)
    {
        if (graph.Constant(value) is { Count: 1 } constant)
            return constant.ToInt64s()[0];
        if (
            graph.Producer(value) is not { OpType: "Gather" } pick
            || graph.Producer(pick.Input[0]) is not { OpType: "Shape", Attribute.Count: 0 } shape
        )
            return null;
        if (
            graph.Constant(pick.Input[1]) is not { Count: 1 } index
            || shapes.TryGet(shape.Input[0]) is not { } measured
        )
            return null;
        var axis = index.ToInt64s()[0];
        axis = axis < 0 ? axis + measured.Rank : axis;
        return axis >= 0 && axis < measured.Rank ? measured.Dims[axis].Size : null;
    }

    private static void Inline(Graph graph, NodeProto node, GraphProto branch)
    {
        graph.Remove(node);
        var names = branch.Output.Zip(node.Output).ToDictionary(p => p.First.Name, p => p.Second);
        var own = branch.Node.SelectMany(n => n.Output).Concat(branch.Initializer.Select(t => t.Name)).ToHashSet();
        string Rename(string name)
        {
            if (name.Length == 0 || !own.Contains(name))
                return name;
            if (!names.TryGetValue(name, out var renamed))
                names[name] = renamed = graph.Defines(name) ? graph.FreshName(name) : name;
            return renamed;
        }
        foreach (var tensor in branch.Initializer)
            graph.SetInitialiser(Rename(tensor.Name), TensorReader.Read(tensor, graph.Folder));
        foreach (var inner in branch.Node)
            graph.Add(Renamed(inner, Rename));
        // A branch that only passes an outer value or an initialiser on needs a node to carry the If's output name.
        foreach (var (inner, outer) in branch.Output.Zip(node.Output))
            if (!graph.Defines(outer))
                graph.Add(
                    Renamed(
                        new NodeProto
                        {
                            OpType = "Identity",
                            Input = { inner.Name },
                            Output = { outer },
                        },
                        n => n
                    )
                );
    }

    private static NodeProto Renamed(NodeProto node, Func<string, string> rename)
    {
        var copy = node.Clone();
        foreach (var captured in Subgraphs.Reads(node).Distinct())
            Subgraphs.RenameReads(copy, captured, rename(captured));
        for (var i = 0; i < copy.Output.Count; i++)
            copy.Output[i] = rename(copy.Output[i]);
        return copy;
    }
}
