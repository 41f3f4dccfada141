using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients.Preparation;

/// <summary>One iteration of a loop's body as nodes of the graph around it.</summary>
internal static class BodyCopy
{
    /// <summary>Adds the body's nodes under fresh names, reading the given values; returns its outputs.</summary>
    public static string[] Into(Graph graph, GraphProto body, string[] inputs)
    {
        if (body.Input.Count != inputs.Length)
            throw AssayException.Input(
                $"The body of a loop declares {body.Input.Count} inputs, but is given {inputs.Length}; export the model again."
            );
        var names = new Dictionary<string, string>();
        for (var i = 0; i < body.Input.Count; i++)
            names[body.Input[i].Name] = inputs[i];
        foreach (var tensor in body.Initializer)
            names[tensor.Name] = graph.AddInitialiser(
                $"unrolled/{tensor.Name}",
                TensorReader.Read(tensor, graph.Folder)
            );
        foreach (var node in body.Node)
            graph.Add(Renamed(graph, node, names));
        return [.. body.Output.Select(o => names.GetValueOrDefault(o.Name, o.Name))];
    }

    private static NodeProto Renamed(Graph graph, NodeProto node, Dictionary<string, string> names)
    {
        var copy = node.Clone();
        // Two passes, as a new name may be the old one of another value.
        var read = Subgraphs.Reads(copy).Where(names.ContainsKey).Distinct().ToArray();
        for (var i = 0; i < read.Length; i++)
            Subgraphs.RenameReads(copy, read[i], $"unrolled:{i}");
        for (var i = 0; i < read.Length; i++)
            Subgraphs.RenameReads(copy, $"unrolled:{i}", names[read[i]]);
        for (var i = 0; i < copy.Output.Count; i++)
            if (copy.Output[i].Length > 0)
                copy.Output[i] = names[node.Output[i]] = graph.FreshName($"unrolled/{node.Output[i]}");
        copy.Name = graph.FreshName($"unrolled/{node.Name}");
        return copy;
    }
}
