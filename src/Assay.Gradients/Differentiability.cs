using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>Says what stands in the way of gradients before any are asked for.</summary>
public static class Differentiability
{
    /// <summary>
    /// Every reason, one line each, why <paramref name="target"/> cannot be differentiated with respect to
    /// <paramref name="sources"/>; empty where <see cref="ReverseMode"/> succeeds.
    /// </summary>
    /// <param name="model">A prepared model; not changed.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="target">The value to differentiate, as <see cref="Head.Value"/> names it.</param>
    /// <param name="sources">Values with respect to which, as <see cref="AttributionPoint.Value"/> names them.</param>
    public static IReadOnlyList<string> Check(
        OnnxModel model,
        ShapeTable shapes,
        string target,
        IReadOnlyList<string> sources
    )
    {
        var active = Activity.Of(model.Graph, new ValueTypes(model.Graph, shapes), sources);
        var reached = model.Graph.Reaching([target]);
        var missing = model
            .Graph.Nodes.Where(n => reached.Contains(n) && Subgraphs.Reads(n).Any(active.Contains))
            .Where(n => n.Output.Any(active.Contains))
            .Select(n => Missing(n, model.Opset))
            .OfType<string>()
            .ToArray();
        return missing.Length > 0 ? missing : Attempt(model.Clone(), shapes, target, sources);
    }

    /// <summary>The operators that have a rule, or are known to carry no gradient.</summary>
    public static bool HasRule(string operatorType) => GradientRules.Find(operatorType) is not null;

    private static string? Missing(NodeProto node, int opset)
    {
        var rule = OnnxModel.IsStandard(node.Domain) ? GradientRules.Find(node.OpType) : null;
        if (rule is null)
            return $"{node.Describe()} has no gradient rule";
        return rule.Gradient is not null && opset < rule.Since
            ? $"the rule of {node.Describe()} needs opset {rule.Since}, the model has {opset}"
            : null;
    }

    // A rule may still refuse a form of its operator, which only trying it tells.
    private static IReadOnlyList<string> Attempt(
        OnnxModel model,
        ShapeTable shapes,
        string target,
        IReadOnlyList<string> sources
    )
    {
        try
        {
            ReverseMode.Differentiate(model, target, sources, shapes);
            return [];
        }
        catch (AssayException e)
        {
            return [e.Message];
        }
    }
}
