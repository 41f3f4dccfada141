using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>Every tensor that a model file holds, wherever it hides.</summary>
internal static class Tensors
{
    /// <summary>Initialisers, sparse ones and attributes, of the graph, its subgraphs and the model's functions.</summary>
    public static IEnumerable<TensorProto> Of(ModelProto model) =>
        Of(model.Graph).Concat(model.Functions.SelectMany(f => f.Node).SelectMany(Of));

    private static IEnumerable<TensorProto> Of(GraphProto graph) =>
        graph
            .Initializer.Concat(graph.SparseInitializer.SelectMany(s => new[] { s.Values, s.Indices }))
            .Where(t => t is not null)
            .Concat(graph.Node.SelectMany(Of));

    private static IEnumerable<TensorProto> Of(NodeProto node) =>
        node
            .Attribute.SelectMany(a => a.T is null ? a.Tensors : a.Tensors.Prepend(a.T))
            .Concat(node.Subgraphs().SelectMany(Of));
}
