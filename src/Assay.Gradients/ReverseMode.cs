using Assay.Gradients.Relevances;
using Assay.Gradients.Secants;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients;

/// <summary>
/// Reverse-mode differentiation as a graph rewrite: adds to a model the nodes that compute gradients, out of standard
/// operators only (Linnainmaa 1970; Griewank and Walther 2008).
/// </summary>
public static class ReverseMode
{
    /// <summary>
    /// Adds ∂(Σ <paramref name="target"/>)/∂w for each value w of <paramref name="wrt"/> and returns the names of the
    /// gradients, which have the shapes of the w; each is a new value of its own. Where rows are independent, each row's
    /// gradient is that of its own target. A w that the target does not depend on gets zeros. The graph is left sorted.
    /// </summary>
    /// <param name="model">Changed in place: clone it first if it is still needed.</param>
    /// <param name="target">A float value of any shape; its elements are summed.</param>
    /// <param name="wrt">Float values: inputs, initialisers or outputs of nodes.</param>
    /// <param name="shapes">What is known of shapes; less knowledge means more operators, not other results.</param>
    /// <param name="seed">Gradient of <paramref name="target"/> to start from, of its shape; null for ones.</param>
    /// <exception cref="AssayException">
    /// An operator on the way has no rule: names the node and what still works. Or a value is undefined or not real.
    /// </exception>
    public static IReadOnlyDictionary<string, string> Differentiate(
        OnnxModel model,
        string target,
        IReadOnlyList<string> wrt,
        ShapeTable shapes,
        string? seed = null
    ) => Differentiate(model, [(target, seed)], wrt, shapes);

    /// <summary>
    /// The same for a sum over several targets, each with a gradient to start from: Σ over targets of
    /// ⟨seed, ∂target/∂w⟩.
    /// </summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="targets">Float values with gradients of their own shapes to start from; null for ones.</param>
    /// <param name="wrt">Float values: inputs, initialisers or outputs of nodes.</param>
    /// <param name="shapes">What is known of shapes.</param>
    /// <param name="ends">
    /// Where the graph holds a path: instead of gradients at its points, the slopes over its intervals are returned, one
    /// block of rows less. Seeds are then of that size too.
    /// </param>
    public static IReadOnlyDictionary<string, string> Differentiate(
        OnnxModel model,
        IReadOnlyList<(string Target, string? Seed)> targets,
        IReadOnlyList<string> wrt,
        ShapeTable shapes,
        PathEnds? ends = null
    ) => Differentiate(model, targets, wrt, shapes, ends, relevance: null);

    /// <summary>
    /// Shares the value of <paramref name="target"/> out among the values <paramref name="wrt"/>, going backwards by
    /// layer-wise relevance propagation (Bach et al. 2015) instead of gradients; returns the names of the relevances, which
    /// have the shapes of the w. What constants take is in none of them.
    /// </summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="target">A float value, whose elements are the relevance to share out.</param>
    /// <param name="wrt">Float values: inputs, initialisers or outputs of nodes.</param>
    /// <param name="shapes">What is known of shapes.</param>
    /// <param name="options">The rules' constants.</param>
    /// <exception cref="AssayException">An operator on the way has no rule of relevance.</exception>
    public static IReadOnlyDictionary<string, string> Relevance(
        OnnxModel model,
        string target,
        IReadOnlyList<string> wrt,
        ShapeTable shapes,
        RelevanceOptions options
    ) => Differentiate(model, [(target, target)], wrt, shapes, ends: null, options);

    private static Dictionary<string, string> Differentiate(
        OnnxModel model,
        IReadOnlyList<(string Target, string? Seed)> targets,
        IReadOnlyList<string> wrt,
        ShapeTable shapes,
        PathEnds? ends,
        RelevanceOptions? relevance
    )
    {
        if (model.Opset < GradientRule.LowestOpset)
            throw AssayException.Input(
                $"Gradients need opset {GradientRule.LowestOpset}, the model has {model.Opset}: export it with a later one. "
                    + UnsupportedOperator.Instead
            );
        // The walks below go by file order.
        model.Graph.SortTopologically();
        var types = new ValueTypes(model.Graph, shapes);
        foreach (var value in wrt.Concat(targets.Select(t => t.Target)))
            Require(model.Graph, types, value);
        var walk = new Walk(model, shapes, types, wrt, ends, relevance);
        foreach (var (target, seed) in targets)
            walk.Send(target, seed ?? walk.Emitter(target).FilledLike(walk.At(target), 1));
        walk.Run([.. targets.Select(t => t.Target)]);
        var taken = targets.Select(t => t.Seed ?? "").ToHashSet();
        var result = new Dictionary<string, string>();
        foreach (var w in wrt.Distinct())
        {
            var emit = walk.Emitter(w);
            var gradient = walk.Total(w) ?? emit.FilledLike(walk.At(w), 0);
            result[w] = taken.Add(gradient) ? gradient : emit.Node("Identity", [gradient]);
        }
        model.Graph.SortTopologically();
        return result;
    }

    private static void Require(Graph graph, ValueTypes types, string value)
    {
        if (!graph.Defines(value))
            throw AssayException.Usage($"The graph has no value '{value}' to differentiate.");
        if (types.IsDiscrete(value))
            throw AssayException.Usage($"Value '{value}' is not of a floating-point type, so it has no gradient.");
    }

    private sealed class Walk(
        OnnxModel model,
        ShapeTable shapes,
        ValueTypes types,
        IReadOnlyList<string> wrt,
        PathEnds? ends,
        RelevanceOptions? relevance
    )
    {
        private readonly IReadOnlySet<string> active = Activity.Of(model.Graph, types, wrt);
        private readonly Dictionary<string, List<string>> contributions = [];
        private readonly Dictionary<DataType, Emitter> emitters = [];

        /// <summary>An emitter whose constants are of a value's type.</summary>
        public Emitter Emitter(string value)
        {
            var type = types.Float(value);
            if (!emitters.TryGetValue(type, out var emit))
                emitters[type] = emit = new Emitter(model.Graph, model.Opset, type, "gradient");
            return emit;
        }

        /// <summary>A value of the shape that a value's gradient has.</summary>
        public string At(string value) => ends?.Lower(value) ?? value;

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
            var emit = Emitter(value);
            if (parts.Count > 1)
                contributions[value] = parts = [SumOfProducts(emit, parts) ?? Sum(emit, parts)];
            return parts[0];
        }

        private static string Sum(Emitter emit, List<string> parts) =>
            parts.Count == 2 ? emit.Add(parts[0], parts[1]) : emit.Node("Sum", [.. parts]);

        // A·C + B·C is (A + B)·C: a Gram matrix, or what shares its weights, sends such a pair.
        private string? SumOfProducts(Emitter emit, List<string> parts)
        {
            var products = parts.Select(model.Graph.Producer).ToArray();
            return products.All(p => p is { OpType: "MatMul" } && p.Input[1] == products[0]!.Input[1])
                ? emit.MatMul(Sum(emit, [.. products.Select(p => p!.Input[0])]), products[0]!.Input[1])
                : null;
        }

        // Reverse file order is a reverse topological order of the forward nodes; those added here come later and are not walked.
        public void Run(IReadOnlyList<string> targets)
        {
            var reached = model.Graph.Reaching(targets);
            foreach (var node in model.Graph.Nodes.Reverse().Where(reached.Contains).ToArray())
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
            if (model.Opset < rule.Since)
                throw UnsupportedOperator.At(node, $"its rule needs opset {rule.Since}, the model has {model.Opset}");
            var needed = node.Input.Select(active.Contains).ToArray();
            var gradients = node.Output.Select(Total).ToArray();
            if (rule.Captured is not null && node.Input.Where((_, i) => needed[i]).Any())
                throw UnsupportedOperator.At(node, "it carries values from one iteration to the next");
            var sent =
                relevance is not null ? Relevances(node, rule, gradients, needed)
                : ends is not null ? Slopes(node, rule, gradients, needed)
                : Gradients(node, rule, gradients, needed);
            for (var i = 0; i < node.Input.Count; i++)
                if (needed[i])
                    // No gradient where one is due would pass for a gradient of 0.
                    Send(
                        node.Input[i],
                        sent.ElementAtOrDefault(i)
                            ?? throw UnsupportedOperator.At(node, $"there is no rule for its input '{node.Input[i]}'")
                    );
            if (rule.Captured is not null)
                SendCaptured(node, rule, gradients);
        }

        private void SendCaptured(NodeProto node, GradientRule rule, string?[] gradients)
        {
            var context = new RuleContext(node, Emitter(node.Output[0]), shapes, types, gradients, []);
            var wanted = Subgraphs.Reads(node).Skip(node.Input.Count(i => i.Length > 0)).Where(active.Contains);
            foreach (var (value, gradient) in rule.Captured!(context, [.. wanted.Distinct()]))
                Send(value, gradient);
        }

        private string?[] Gradients(NodeProto node, GradientRule rule, string?[] gradients, bool[] needed)
        {
            var context = new RuleContext(node, Emitter(node.Output[0]), shapes, types, gradients, needed);
            var sent = rule.Gradient!(context);
            return rule.Broadcasts
                ? [.. sent.Select((g, i) => g is not null && context.Needs(i) ? context.SumTo(g, node.Input[i]) : g)]
                : sent;
        }

        private string?[] Relevances(NodeProto node, GradientRule rule, string?[] relevances, bool[] needed)
        {
            var share = RelevanceRules.Find(node.OpType)?.Share;
            var context = new RelevanceContext(
                node,
                rule,
                Emitter(node.Output[0]),
                shapes,
                types,
                relevance!,
                relevances,
                needed
            );
            return share is null || rule.Captured is not null
                ? throw context.Unsupported($"operator {node.OpType} has none")
                : share(context);
        }

        private string?[] Slopes(NodeProto node, GradientRule rule, string?[] gradients, bool[] needed)
        {
            var secant = SecantRules.Find(node.OpType) ?? throw NoSecant.At(node, $"operator {node.OpType} has none");
            // What varies without a gradient jumps, and no slope accounts for a jump.
            for (var i = 0; i < node.Input.Count; i++)
                if (!needed[i] && ends!.Varies(node.Input[i]))
                    throw NoSecant.At(node, $"its input '{node.Input[i]}' jumps along the path");
            return secant.Share(
                new SecantContext(node, rule, Emitter(node.Output[0]), shapes, types, ends!, gradients, needed)
            );
        }
    }
}
