using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients;

/// <summary>
/// The values that vary with the sources continuously. What depends on them only through a comparison, a shape or an
/// index does not, so no gradient need be sent there.
/// </summary>
internal static class Activity
{
    public static IReadOnlySet<string> Of(Graph graph, ValueTypes types, IEnumerable<string> sources)
    {
        var active = sources.ToHashSet();
        foreach (var node in graph.Nodes)
            if (!IsStep(node) && Subgraphs.Reads(node).Any(active.Contains))
                active.UnionWith(node.Output.Where(o => o.Length > 0 && !types.IsDiscrete(o)));
        return active;
    }

    private static bool IsStep(NodeProto node) =>
        OnnxModel.IsStandard(node.Domain) && GradientRules.Find(node.OpType) is { Gradient: null };
}
