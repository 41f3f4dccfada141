using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>Checks a model against a table of rules: what a valid graph is.</summary>
public static class ModelVerifier
{
    /// <summary>The lowest and highest version of the standard operator set that is understood.</summary>
    public const int MinimumOpset = 7,
        MaximumOpset = 24;

    // Far beyond a batch of a recommender; what a hostile file may make its reader allocate.
    private const long MaximumInput = 1 << 23;

    private delegate IEnumerable<string> Rule(OnnxModel model);

    private static readonly (string Name, Rule Check)[] Rules =
    [
        ("opset", Opset),
        ("inputs", Inputs),
        ("outputs", Outputs),
        ("operators", Operators),
        ("single assignment", m => SingleAssignment(m.Proto.Graph, [])),
        ("acyclic", Acyclic),
        ("defined before use", m => DefinedBeforeUse(m.Proto.Graph, [])),
        ("initialisers", Initialisers),
    ];

    /// <summary>Every breach of a rule, as "rule: what and where"; empty for a valid model.</summary>
    public static IReadOnlyList<string> Check(OnnxModel model)
    {
        foreach (var (name, check) in Rules)
        {
            var problems = check(model).Select(p => $"{name}: {p}").ToArray();
            // Later rules presuppose the earlier ones, so report the first that is broken.
            if (problems.Length > 0)
                return problems;
        }
        return [];
    }

    /// <summary>Throws <see cref="AssayException"/> with the first problem, naming <paramref name="source"/>.</summary>
    public static void Require(OnnxModel model, string source)
    {
        var problems = Check(model);
        if (problems.Count > 0)
            throw AssayException.Input(
                $"Model '{source}' is invalid: {problems[0]}"
                    + (problems.Count > 1 ? $" (and {problems.Count - 1} more)." : "")
            );
    }

    private static IEnumerable<string> Opset(OnnxModel model)
    {
        if (model.Opset is < MinimumOpset or > MaximumOpset)
            yield return $"the model needs ai.onnx opset {model.Opset}; {MinimumOpset} to {MaximumOpset} are understood. Export it with one of these.";
    }

    private static IEnumerable<string> Inputs(OnnxModel model)
    {
        foreach (var input in model.Graph.Inputs)
            if (string.IsNullOrEmpty(input.Name))
                yield return "an input has no name.";
            else if (input.Type is null || input.Type.ValueCase == TypeProto.ValueOneofCase.None)
                yield return $"input '{input.Name}' declares no type.";
            else if (Elements(input) > MaximumInput)
                yield return $"input '{input.Name}' {input.ShapeText()} is too large; up to {MaximumInput} elements are understood.";
        foreach (var name in Twice(model.Proto.Graph.Input.Select(i => i.Name)))
            yield return $"'{name}' is an input twice.";
    }

    private static IEnumerable<string> Outputs(OnnxModel model)
    {
        if (model.Graph.Outputs.Count == 0)
            yield return "the graph has no outputs.";
        foreach (var output in model.Graph.Outputs.Where(o => !model.Graph.Defines(o.Name)))
            yield return $"output '{output.Name}' is produced by no node.";
        foreach (var name in Twice(model.Graph.Outputs.Select(o => o.Name)))
            yield return $"'{name}' is an output twice.";
    }

    private static IEnumerable<string> Operators(OnnxModel model)
    {
        var imported = model.Proto.OpsetImport.Select(o => o.Domain ?? "").ToHashSet();
        var local = model.Proto.Functions.Select(f => f.Domain ?? "").ToHashSet();
        foreach (var node in AllNodes(model.Proto.Graph))
            if (string.IsNullOrEmpty(node.OpType))
                yield return $"a node named '{node.Name}' has no operator.";
            else if (
                !OnnxModel.IsStandard(node.Domain)
                && !imported.Contains(node.Domain)
                && !local.Contains(node.Domain)
            )
                yield return $"{node.Describe()} is of domain '{node.Domain}', which the model does not import.";
            else if (OperatorArity.Problem(node) is { } problem)
                yield return problem;
    }

    private static IEnumerable<string> SingleAssignment(GraphProto graph, HashSet<string> outer)
    {
        var defined = new HashSet<string>(outer);
        defined.UnionWith(graph.Input.Select(i => i.Name));
        defined.UnionWith(graph.Initializer.Select(t => t.Name));
        foreach (var name in Twice(graph.Initializer.Select(t => t.Name)))
            yield return $"'{name}' is an initialiser twice.";
        foreach (var node in graph.Node)
        {
            foreach (var problem in node.Subgraphs().SelectMany(g => SingleAssignment(g, [])))
                yield return problem;
            foreach (var output in node.Output.Where(o => o.Length > 0))
                if (!defined.Add(output))
                    yield return $"'{output}' is assigned twice, the second time by {node.Describe()}.";
        }
    }

    private static IEnumerable<string> Acyclic(OnnxModel model)
    {
        string? problem = null;
        try
        {
            TopologicalOrder.Of(model.Graph);
        }
        catch (AssayException e)
        {
            problem = e.Message;
        }
        if (problem is not null)
            yield return problem;
    }

    private static IEnumerable<string> DefinedBeforeUse(GraphProto graph, HashSet<string> outer)
    {
        var defined = new HashSet<string>(outer);
        defined.UnionWith(graph.Input.Select(i => i.Name));
        defined.UnionWith(graph.Initializer.Select(t => t.Name));
        defined.UnionWith(graph.SparseInitializer.Select(t => t.Values?.Name ?? ""));
        foreach (var node in graph.Node)
        {
            foreach (var input in node.Input.Where(i => i.Length > 0 && !defined.Contains(i)))
                yield return $"{node.Describe()} reads '{input}', which nothing before it defines.";
            foreach (var problem in node.Subgraphs().SelectMany(g => DefinedBeforeUse(g, defined)))
                yield return problem;
            defined.UnionWith(node.Output);
        }
    }

    private static IEnumerable<string> Initialisers(OnnxModel model)
    {
        foreach (var tensor in Tensors.Of(model.Proto))
        {
            string? problem = null;
            try
            {
                TensorReader.Check(tensor, model.Folder);
            }
            catch (AssayException e)
            {
                problem = e.Message;
            }
            if (problem is not null)
                yield return problem;
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>();
        return names.Where(n => !seen.Add(n));
    }

    // The product of the fixed dimensions; beyond the limit the number means nothing.
    private static double Elements(ValueInfoProto input) =>
        (input.Shape() ?? []).Aggregate(1.0, (p, d) => p * (d ?? 1));

    private static IEnumerable<NodeProto> AllNodes(GraphProto graph) =>
        graph.Node.SelectMany(n => n.Subgraphs().SelectMany(AllNodes).Prepend(n));
}
