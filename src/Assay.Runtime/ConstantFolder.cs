using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>Computes what a graph computes from constants alone, once and beforehand.</summary>
public static class ConstantFolder
{
    // A folded result may be larger than this only if what it is made of was larger still.
    private const long MaximumBytes = 16 << 20;

    /// <summary>
    /// A copy in which every top-level node that depends on initialisers and Constant nodes alone is replaced by an
    /// initialiser of the same value name, ONNX Runtime having computed it. Constant nodes become initialisers; random
    /// operators, operators of other domains and nodes inside subgraphs stay. Names do not change.
    /// </summary>
    public static OnnxModel Fold(OnnxModel model)
    {
        var folded = InitialisersOnly(model);
        // A size is computed before anything is made of that size, so that none is made that is too large.
        bool more;
        do
        {
            Inflation.Require(folded);
            var constants = ConstantNodes(folded.Graph);
            more = constants.Count > 0 && Replace(folded, constants, Evaluate(folded, constants));
        } while (more);
        folded.Graph.PruneUnreachable();
        return folded;
    }

    /// <summary>
    /// Before IR 4 every initialiser repeats as an input, which later versions take for a default that may be overridden
    /// and so not for a constant.
    /// </summary>
    private static OnnxModel InitialisersOnly(OnnxModel model)
    {
        var proto = model.Proto.Clone();
        proto.IrVersion = Math.Max(proto.IrVersion, 4);
        var inputs = model.Graph.Inputs.Select(i => i.Clone()).ToArray();
        proto.Graph.Input.Clear();
        proto.Graph.Input.AddRange(inputs);
        return new OnnxModel(proto, model.Folder);
    }

    private static List<NodeProto> ConstantNodes(Graph graph)
    {
        var sizes = graph.Proto.Initializer.Select(t => t.Name).ToHashSet();
        var known = sizes.ToHashSet();
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Nodes)
            if (IsPure(node) && Subgraphs.Reads(node).All(known.Contains) && Inflation.IsKnown(node, sizes))
            {
                nodes.Add(node);
                known.UnionWith(node.Output);
            }
        return nodes;
    }

    private static bool IsPure(NodeProto node) =>
        OnnxModel.IsStandard(node.Domain)
        && !OperatorForms.IsRandom(node)
        && node.Subgraphs().All(g => g.Node.All(IsPure));

    private static IReadOnlyDictionary<string, TensorData> Evaluate(OnnxModel model, List<NodeProto> nodes)
    {
        var part = new ModelProto
        {
            IrVersion = model.Proto.IrVersion,
            Graph = new GraphProto { Name = "constants" },
        };
        part.OpsetImport.AddRange(model.Proto.OpsetImport);
        part.Graph.Node.AddRange(nodes);
        var read = nodes.SelectMany(Subgraphs.Reads).ToHashSet();
        part.Graph.Initializer.AddRange(model.Proto.Graph.Initializer.Where(t => read.Contains(t.Name)));
        foreach (var output in nodes.SelectMany(n => n.Output).Where(o => o.Length > 0))
            part.Graph.Output.Add(new ValueInfoProto { Name = output });
        try
        {
            using var session = Session.Open(
                new OnnxModel(part, model.Folder),
                new SessionSettings { Optimise = false, Limit = TimeLimit.Trial }
            );
            return session.Run(new Dictionary<string, TensorData>());
        }
        catch (AssayException e) when (!TimeLimit.Ended(e))
        {
            // A part that cannot be evaluated by itself (a sequence, an element type without a CLR type) stays as it is.
            return new Dictionary<string, TensorData>();
        }
    }

    private static bool Replace(OnnxModel model, List<NodeProto> nodes, IReadOnlyDictionary<string, TensorData> values)
    {
        var graph = model.Graph;
        // Sizes as they were before anything is replaced.
        var folding = nodes.Where(n => IsWorthwhile(graph, n, values)).ToArray();
        foreach (var node in folding)
        {
            graph.Remove(node);
            foreach (var output in node.Output.Where(o => o.Length > 0))
                graph.SetInitialiser(output, values[output]);
        }
        return folding.Length > 0;
    }

    private static bool IsWorthwhile(Graph graph, NodeProto node, IReadOnlyDictionary<string, TensorData> values)
    {
        if (node.Output.Any(o => o.Length > 0 && !values.ContainsKey(o)))
            return false;
        var result = node.Output.Where(o => o.Length > 0).Sum(o => Bytes(values[o]));
        if (result <= MaximumBytes)
            return true;
        var operands = Subgraphs
            .Reads(node)
            .Distinct()
            .Sum(r => values.TryGetValue(r, out var v) ? Bytes(v) : Stored(graph, r));
        return result <= operands;
    }

    private static long Stored(Graph graph, string initialiser) =>
        graph.Initialiser(initialiser) is { } proto
            ? (long)TensorReader.ElementCount(proto) * ElementTypes.Size((TensorProto.Types.DataType)proto.DataType)
            : 0;

    private static long Bytes(TensorData tensor) => (long)tensor.Count * ElementTypes.Size(tensor.Type);
}
