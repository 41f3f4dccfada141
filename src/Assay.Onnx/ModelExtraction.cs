using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>Takes a part of a model out as a model of its own.</summary>
internal static class ModelExtraction
{
    public static OnnxModel Extract(
        OnnxModel model,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs,
        Func<string, ValueInfoProto?>? declare
    )
    {
        foreach (var value in inputs.Concat(outputs).Where(v => !model.Graph.Defines(v)))
            throw AssayException.Usage($"The graph has no value '{value}' to extract at.");
        var nodes = NodesBetween(model.Graph, inputs, outputs);
        var part = model.Proto.Clone();
        part.Graph.Node.Clear();
        part.Graph.Node.AddRange(model.Graph.Nodes.Where(nodes.Contains).Select(n => n.Clone()));
        // From IR 4 on an initialiser need not repeat as an input.
        part.IrVersion = Math.Max(part.IrVersion, 4);
        part.Graph.Input.Clear();
        part.Graph.Input.AddRange(inputs.Select(i => Declaration(model.Graph, i, declare) ?? throw Undeclared(i)));
        part.Graph.Output.Clear();
        part.Graph.Output.AddRange(
            outputs.Select(o => Declaration(model.Graph, o, declare) ?? new ValueInfoProto { Name = o })
        );
        foreach (var tensor in part.Graph.Initializer.Where(t => inputs.Contains(t.Name)).ToArray())
            part.Graph.Initializer.Remove(tensor);
        var extracted = new OnnxModel(part, model.Folder);
        extracted.Graph.PruneUnreachable();
        return extracted;
    }

    /// <summary>The nodes that the outputs need when the inputs are given.</summary>
    private static HashSet<NodeProto> NodesBetween(
        Graph graph,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs
    )
    {
        var nodes = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var seen = inputs.ToHashSet();
        var open = new Stack<string>(outputs);
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value))
                continue;
            if (graph.IsInput(value))
                throw AssayException.Usage(
                    $"What is to be extracted also depends on input '{value}'; name it among the inputs."
                );
            if (graph.Producer(value) is { } node && nodes.Add(node))
                foreach (var read in Subgraphs.Reads(node))
                    open.Push(read);
        }
        return nodes;
    }

    private static ValueInfoProto? Declaration(Graph graph, string value, Func<string, ValueInfoProto?>? declare)
    {
        if (declare?.Invoke(value) is { } given)
            return given.Clone();
        var known = graph.Proto.Input.Concat(graph.Proto.Output).Concat(graph.Proto.ValueInfo);
        if (known.FirstOrDefault(i => i.Name == value && i.Type is not null) is { } info)
            return info.Clone();
        return graph.Initialiser(value) is { } tensor
            ? ValueInfos.Tensor(value, (TensorProto.Types.DataType)tensor.DataType, [.. tensor.Dims.Cast<object>()])
            : null;
    }

    private static AssayException Undeclared(string value) =>
        AssayException.Usage($"The type of value '{value}' is not declared in the model; say what it is.");
}
