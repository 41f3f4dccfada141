using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients.Relevances;

/// <summary>Which factor of a product is a gate.</summary>
internal static class Gates
{
    // A GELU written out has five operators between x and its gate.
    private const int Longest = 12;

    /// <summary>
    /// The number of the factor that only scales the other: one made of the other element by element (an activation x·g(x)
    /// written out), or one that comes out of a sigmoid or a softmax where these get no relevance; null where there is no
    /// such or both are.
    /// </summary>
    public static int? Find(RelevanceContext c)
    {
        if (c.Node.OpType == "Mul")
            foreach (var gate in new[] { 0, 1 })
                if (IsMadeOf(c.Emit.Graph, c.Input(gate), c.Input(1 - gate)))
                    return gate;
        if (c.Options.GatesShare || c.Node.OpType is not ("Mul" or "MatMul"))
            return null;
        var (first, second) = (IsGate(c.Emit.Graph, c.Input(0)), IsGate(c.Emit.Graph, c.Input(1)));
        return first == second ? null
            : first ? 0
            : 1;
    }

    private static bool IsMadeOf(Graph graph, string gate, string value)
    {
        for (var (at, steps) = (gate, 0); steps < Longest; steps++)
        {
            if (graph.Producer(at) is not { } node || Through(graph, node) is not { } next)
                return false;
            at = next;
            if (at == value)
                return true;
        }
        return false;
    }

    // The operand of a function of each element, constants being the others.
    private static string? Through(Graph graph, NodeProto node)
    {
        if (!OnnxModel.IsStandard(node.Domain))
            return null;
        if (node.OpType is not ("Add" or "Sub" or "Mul" or "Div") && !RelevanceRules.Passing.Contains(node.OpType))
            return null;
        if (node.OpType.EndsWith("Normalization", StringComparison.Ordinal))
            return null;
        var moving = node.Input.Where(i => i.Length > 0 && graph.Constant(i) is null).Distinct().ToArray();
        return moving is [var one] ? one : null;
    }

    private static bool IsGate(Graph graph, string value)
    {
        for (var steps = 0; steps < Longest; steps++)
        {
            if (graph.Producer(value) is not { } node || !OnnxModel.IsStandard(node.Domain))
                return false;
            if (node.OpType is "Sigmoid" or "HardSigmoid" or "Softmax")
                return true;
            if (
                node.OpType is not ("Concat" or "Where" or "Max" or "Min")
                && RelevanceRules.Moving.Contains(node.OpType)
            )
                value = node.Input[0];
            else
                return false;
        }
        return false;
    }
}
