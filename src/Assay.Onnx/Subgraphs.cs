using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>What a node reads once the subgraphs in its attributes are counted, and renaming inside them.</summary>
public static class Subgraphs
{
    /// <summary>The values a node reads: its inputs, and what its subgraphs capture from outside.</summary>
    public static IEnumerable<string> Reads(NodeProto node)
    {
        foreach (var input in node.Input)
            if (input.Length > 0)
                yield return input;
        if (node.Attribute.All(a => a.G is null && a.Graphs.Count == 0))
            yield break;
        foreach (var graph in node.Subgraphs())
        foreach (var captured in Captures(graph))
            yield return captured;
    }

    /// <summary>The names that a graph reads without defining them.</summary>
    public static IEnumerable<string> Captures(GraphProto graph)
    {
        var defined = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(t => t.Name)).ToHashSet();
        var captured = new List<string>();
        foreach (var node in graph.Node)
        {
            captured.AddRange(Reads(node).Where(r => !defined.Contains(r)));
            defined.UnionWith(node.Output);
        }
        captured.AddRange(graph.Output.Select(o => o.Name).Where(o => !defined.Contains(o)));
        return captured.Distinct();
    }

    /// <summary>Makes a node, and its subgraphs where they capture it, read another value.</summary>
    public static void RenameReads(NodeProto node, string value, string replacement)
    {
        for (var i = 0; i < node.Input.Count; i++)
            if (node.Input[i] == value)
                node.Input[i] = replacement;
        foreach (var graph in node.Subgraphs())
            if (Captures(graph).Contains(value))
                RenameInside(graph, value, replacement);
    }

    /// <summary>The names that a node's subgraphs define.</summary>
    public static IEnumerable<string> NamesInside(NodeProto node) => AllNames(node).Except(node.Output);

    /// <summary>Every value name that occurs in a node and its subgraphs.</summary>
    internal static IEnumerable<string> AllNames(NodeProto node) =>
        node.Output.Concat(
            node.Subgraphs()
                .SelectMany(g =>
                    g.Input.Select(i => i.Name)
                        .Concat(g.Initializer.Select(t => t.Name))
                        .Concat(g.Node.SelectMany(AllNames))
                )
        );

    private static void RenameInside(GraphProto graph, string value, string replacement)
    {
        foreach (var node in graph.Node)
            RenameReads(node, value, replacement);
        foreach (var output in graph.Output.Where(o => o.Name == value))
            output.Name = replacement;
    }
}
