using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution.Compilation;

/// <summary>Puts whole graphs into another one as parts of it.</summary>
internal static class GraphParts
{
    /// <summary>
    /// Adds the nodes and initialisers of <paramref name="part"/> to <paramref name="host"/> under names that are free
    /// there. <paramref name="inputs"/> says which of the host's values feed the part's inputs; one that it does not
    /// mention is fed by the host's value of the same name. Returns the host's names of the part's outputs.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Add(
        Graph host,
        OnnxModel part,
        IReadOnlyDictionary<string, string> inputs
    )
    {
        part.Graph.SortTopologically();
        Reserve(host, part.Graph);
        var names = part.Graph.Inputs.ToDictionary(i => i.Name, i => inputs.GetValueOrDefault(i.Name, i.Name));
        foreach (var tensor in part.Proto.Graph.Initializer)
            names[tensor.Name] = Add(host, tensor);
        foreach (var sparse in part.Proto.Graph.SparseInitializer.Where(t => !host.Defines(t.Values.Name)))
            host.Proto.SparseInitializer.Add(sparse.Clone());
        foreach (var node in part.Graph.Nodes)
        {
            var copy = node.Clone();
            Rename(copy, names);
            for (var i = 0; i < copy.Output.Count; i++)
                if (copy.Output[i].Length > 0)
                    copy.Output[i] = names[node.Output[i]] = host.FreshName(node.Output[i]);
            copy.Name = copy.Output.FirstOrDefault(o => o.Length > 0) ?? "";
            host.Add(copy);
        }
        return part.Graph.Outputs.ToDictionary(o => o.Name, o => names[o.Name]);
    }

    /// <summary>Makes a node and its subgraphs read other values, all at once: a new name may be an old one elsewhere.</summary>
    public static void Rename(NodeProto node, IReadOnlyDictionary<string, string> names)
    {
        var nested = node.Subgraphs().Any() ? Subgraphs.Reads(node).Distinct().Where(names.ContainsKey).ToArray() : [];
        for (var i = 0; i < nested.Length; i++)
            Subgraphs.RenameReads(node, nested[i], Interim(i));
        for (var i = 0; i < nested.Length; i++)
            Subgraphs.RenameReads(node, Interim(i), names[nested[i]]);
        if (nested.Length > 0)
            return;
        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
    }

    // No file holds such a name.
    private static string Interim(int i) => $"\0{i}";

    // What is defined inside subgraphs keeps its name, so nothing of the host may get it.
    private static void Reserve(Graph host, Graph part)
    {
        foreach (var node in part.Nodes.Where(n => n.Subgraphs().Any()))
        foreach (var name in Subgraphs.NamesInside(node))
            _ = host.FreshName(name);
    }

    private static string Add(Graph host, TensorProto tensor)
    {
        if (host.Initialiser(tensor.Name) is { } present && EqualNodes.HoldTheSame(present, tensor))
            return tensor.Name;
        var copy = tensor.Clone();
        copy.Name = host.FreshName(tensor.Name);
        host.SetInitialiser(copy);
        return copy.Name;
    }
}
