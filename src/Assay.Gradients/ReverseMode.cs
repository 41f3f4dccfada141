using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// Reverse-mode differentiation as a graph rewrite: adds to a model the nodes that compute gradients, out of standard
/// operators only (Linnainmaa 1970; Griewank and Walther 2008).
/// </summary>
public static class ReverseMode
{
    /// <summary>
    /// Adds ∂(Σ <paramref name="target"/>)/∂w for each value w of <paramref name="wrt"/> and returns the names of the
    /// gradients, which have the shapes of the w. Where rows are independent, each row's gradient is that of its own
    /// target. A w that the target does not depend on gets zeros. The graph is left sorted.
    /// </summary>
    /// <param name="model">Changed in place: clone it first if it is still needed.</param>
    /// <param name="target">A float value of any shape; its elements are summed.</param>
    /// <param name="wrt">Float values: inputs, initialisers or outputs of nodes.</param>
    /// <param name="shapes">What is known of shapes; less knowledge means more operators, not other results.</param>
    /// <param name="seed">Gradient of <paramref name="target"/> to start from, of its shape; null for ones.</param>
    /// <exception cref="AssayException">An operator on the way has no rule: names the node and what still works.</exception>
    public static IReadOnlyDictionary<string, string> Differentiate(
        OnnxModel model,
        string target,
        IReadOnlyList<string> wrt,
        ShapeTable shapes,
        string? seed = null
    )
    {
        var type = shapes.TryGet(target)?.Type ?? TensorProto.Types.DataType.Float;
        var emit = new Emitter(model.Graph, model.Opset, type, "gradient");
        var walk = new Walk(model.Graph, emit, shapes, wrt);
        walk.Send(target, seed ?? emit.FilledLike(target, 1));
        walk.Run(target);
        var result = wrt.Distinct().ToDictionary(w => w, w => walk.Total(w) ?? emit.FilledLike(w, 0));
        model.Graph.SortTopologically();
        return result;
    }

    private sealed class Walk(Graph graph, Emitter emit, ShapeTable shapes, IReadOnlyList<string> wrt)
    {
        private readonly IReadOnlySet<string> active = graph.Downstream(wrt);
        private readonly Dictionary<string, List<string>> contributions = [];

        public void Send(string value, string gradient)
        {
            if (!contributions.TryGetValue(value, out var list))
                contributions[value] = list = [];
            list.Add(gradient);
        }

        public string? Total(string value)
        {
            if (!contributions.TryGetValue(value, out var parts))
                return null;
            if (parts.Count > 1)
                contributions[value] = parts = [
                    parts.Count == 2 ? emit.Add(parts[0], parts[1]) : emit.Node("Sum", [.. parts]),
                ];
            return parts[0];
        }

        // Reverse file order is a reverse topological order of the forward nodes; those added here come later and are not walked.
        public void Run(string target)
        {
            var reached = graph.Reaching([target]);
            foreach (var node in graph.Nodes.Reverse().Where(reached.Contains).ToArray())
                if (node.Output.Any(contributions.ContainsKey) && Subgraphs.Reads(node).Any(active.Contains))
                    Step(node);
        }

        private void Step(NodeProto node)
        {
            var rule = OnnxModel.IsStandard(node.Domain) ? GradientRules.Find(node.OpType) : null;
            if (rule is null)
                throw UnsupportedOperator.At(node, $"operator {node.OpType} has no gradient rule");
            if (rule.Gradient is null)
                return;
            if (emit.Opset < rule.Since)
                throw UnsupportedOperator.At(node, $"its rule needs opset {rule.Since}, the model has {emit.Opset}");
            var needed = node.Input.Select(active.Contains).ToArray();
            var gradients = node.Output.Select(Total).ToArray();
            var context = new RuleContext(node, emit, shapes, gradients, needed);
            var sent = rule.Gradient(context);
            for (var i = 0; i < sent.Length; i++)
                if (sent[i] is { } gradient && context.Needs(i))
                    Send(node.Input[i], rule.Broadcasts ? context.SumTo(gradient, node.Input[i]) : gradient);
        }
    }
}
