using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Judging;

/// <summary>
/// The model with its weights made random from the head down, layer by layer (Adebayo et al. 2018, arXiv 1810.03292). A layer is a
/// matrix or kernel that a node multiplies by; all lookup tables together are the last. Fresh weights are normal with mean 0 and the
/// root mean square of those they replace; rows of a table that are all zero (padding) stay so. Vectors (biases, scales) stay.
/// </summary>
internal sealed class WeightCascade
{
    private const int MostLayers = 8;
    private static readonly HashSet<string> Products =
    [
        "MatMul",
        "Gemm",
        "Einsum",
        "Conv",
        "ConvTranspose",
        "GRU",
        "LSTM",
        "RNN",
        "Transpose",
    ];

    private readonly OnnxModel model;
    private readonly List<string[]> stages = [];

    public WeightCascade(OnnxModel model, string? head)
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        this.model = prepared.Clone();
        var graph = prepared.Graph;
        var reached = graph.Reaching([Head.Resolve(prepared, shapes, head, Space.Logit).Output]);
        var (layers, tables, seen) = (new List<string>(), new List<string>(), new HashSet<string>());
        foreach (var node in graph.Nodes.Where(reached.Contains).Reverse())
        foreach (var (name, isTable) in Weights(graph, node))
            if (seen.Add(name))
                (isTable ? tables : layers).Add(name);
        var size = (layers.Count + MostLayers - 1) / MostLayers;
        if (size > 0)
            stages.AddRange(layers.Chunk(size));
        if (tables.Count > 0)
            stages.Add([.. tables]);
        Names = [.. stages.Select(s => s.Length == 1 ? s[0] : $"{s[0]} and {s.Length - 1} more")];
        if (tables.Count > 0)
            Names = [.. Names.SkipLast(1), tables.Count == 1 ? "the lookup table" : $"{tables.Count} lookup tables"];
    }

    /// <summary>What becomes random at each stage, from the head down.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The model with the weights of the first stages random.</summary>
    public OnnxModel Randomised(int stageCount, ulong seed)
    {
        var copy = model.Clone();
        foreach (var name in stages.Take(stageCount).SelectMany(s => s))
        {
            var fresh = Fresh(copy.Graph.Constant(name)!, new CounterRandom(seed, "judge weights " + name));
            if (copy.Graph.Producer(name) is { } constant)
                copy.Graph.Remove(constant);
            copy.Graph.SetInitialiser(name, fresh);
        }
        return copy;
    }

    private static IEnumerable<(string Name, bool IsTable)> Weights(Graph graph, NodeProto node)
    {
        if (node.Subgraphs().Any())
        {
            // What a loop captures: the table of an exported bag.
            foreach (var name in Subgraphs.Reads(node).Distinct().Where(n => Dims(graph, n) is { Length: >= 2 }))
                yield return (name, true);
            yield break;
        }
        for (var slot = 0; slot < node.Input.Count; slot++)
        {
            var name = node.Input[slot];
            if (Dims(graph, name) is not { } dims || dims.Aggregate(1L, (a, d) => a * d) < 2)
                continue;
            if (node.OpType == "Gather" && slot == 0 && !graph.IsConstant(node.Input[1]))
                yield return (name, true);
            else if (Products.Contains(node.OpType) && dims.Length >= 2 && (node.OpType != "Gemm" || slot < 2))
                yield return (name, false);
            else if (node.OpType == "Mul" && dims.Count(d => d > 1) >= 2)
                yield return (name, false);
        }
    }

    private static long[]? Dims(Graph graph, string name)
    {
        if (graph.Initialiser(name) is { } tensor)
            return (DataType)tensor.DataType is DataType.Float or DataType.Double ? [.. tensor.Dims] : null;
        return
            graph.Producer(name) is { OpType: "Constant" }
            && graph.Constant(name) is { Type: DataType.Float or DataType.Double } constant
            ? constant.Dims
            : null;
    }

    private static TensorData Fresh(TensorData present, CounterRandom random)
    {
        var values = present.ToDoubles();
        var spread = Math.Sqrt(values.Sum(v => v * v) / values.Length);
        var width = Math.Max(1, values.Length / (int)Math.Max(1, present.Dims[0]));
        for (var start = 0; start < values.Length; start += width)
        {
            var row = values.AsSpan(start, Math.Min(width, values.Length - start));
            var isPadding = !row.ContainsAnyExcept(0.0);
            foreach (ref var value in row)
            {
                var next = spread * random.NextNormal();
                value = isPadding ? 0 : next;
            }
        }
        return TensorData.From(values, present.Dims).Cast(present.Type);
    }
}
