using Assay.Onnx;

namespace Assay.Attribution.Graphs;

/// <summary>Copies the part of a graph that computes some values, reading other inputs.</summary>
internal static class GraphCopies
{
    /// <summary>Prefix of the inputs that hold baseline rows.</summary>
    public const string BaselinePrefix = "baseline/";

    /// <summary>
    /// Adds a copy of everything <paramref name="values"/> depend on, fed from inputs called <c>baseline/NAME</c>, and
    /// returns the copies' names. Constants are shared.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OnBaselineRows(Graph graph, IEnumerable<string> values)
    {
        var wanted = values.Distinct().ToArray();
        var needed = graph.Reaching(wanted);
        var names = new Dictionary<string, string>();
        foreach (var input in graph.Inputs.ToArray())
        {
            var copy = input.Clone();
            copy.Name = BaselinePrefix + input.Name;
            graph.AddInput(copy);
            names[input.Name] = copy.Name;
        }
        foreach (var node in graph.Nodes.Where(needed.Contains).ToArray())
        {
            var copy = node.Clone();
            foreach (var read in Subgraphs.Reads(node).Distinct().Where(names.ContainsKey))
                Subgraphs.RenameReads(copy, read, names[read]);
            for (var i = 0; i < copy.Output.Count; i++)
                if (copy.Output[i].Length > 0)
                    copy.Output[i] = names[node.Output[i]] = graph.FreshName(BaselinePrefix + node.Output[i]);
            copy.Name = copy.Output[0];
            graph.Add(copy);
        }
        return wanted.ToDictionary(v => v, v => names[v]);
    }
}
