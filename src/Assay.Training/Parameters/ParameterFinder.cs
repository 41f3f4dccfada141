using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training.Parameters;

/// <summary>
/// Tells what training fitted from what the author wrote down, by how each float initialiser is used. Names are no
/// evidence: exporters invent them.
/// </summary>
internal sealed class ParameterFinder
{
    private static readonly HashSet<string> Between =
    [
        "Add",
        "Sum",
        "BatchNormalization",
        "LayerNormalization",
        "InstanceNormalization",
        "Identity",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "Flatten",
        "Dropout",
    ];

    private static readonly HashSet<string> Rectifiers = ["Relu", "PRelu", "LeakyRelu", "Elu", "Gelu", "Mish"];

    private readonly Graph graph;
    private readonly HashSet<string> reached;
    private readonly HashSet<string> front;
    private readonly int numbers;

    private ParameterFinder(Graph graph, HashSet<string> reached, HashSet<string> front, int numbers)
    {
        this.graph = graph;
        this.reached = reached;
        this.front = front;
        this.numbers = numbers;
    }

    /// <summary>The float initialisers of a model with functions inlined, in file order.</summary>
    public static IReadOnlyList<ModelParameter> Find(OnnxModel model, string? head)
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var points = AttributionPoints
            .Find(prepared, shapes, EntryPoint.Preprocessed)
            .Where(p => p.Kind == PointKind.Numeric)
            .ToArray();
        var front = prepared.Graph.Reaching(points.Select(p => p.Value)).SelectMany(n => n.Output).ToHashSet();
        var numbers = points.Select(p => p.Positions.Distinct().Count()).DefaultIfEmpty(0).Max();
        // Values keep their names in preparation, so the head's output says what reaches it in the user's graph.
        var output = Head.Resolve(prepared, shapes, head, Space.Logit).Output;
        var reached = model.Graph.Reaching([output]).SelectMany(Subgraphs.Reads).ToHashSet();
        var finder = new ParameterFinder(model.Graph, reached, front, numbers);
        return
        [
            .. model
                .Proto.Graph.Initializer.Where(t =>
                    (DataType)t.DataType == DataType.Float && TensorReader.ElementCount(t) > 0
                )
                .Select(finder.Judge),
        ];
    }

    private ModelParameter Judge(TensorProto tensor)
    {
        long[] dims = [.. tensor.Dims];
        ModelParameter Kept(string reason) => new(tensor.Name, dims, ParameterKind.Constant, false, reason);
        if (!reached.Contains(tensor.Name))
            return Kept("does not reach the head");
        var readers = Reader.Of(graph, tensor.Name);
        if (readers.Count == 0)
            return Kept("is not used");
        if (TensorReader.ElementCount(tensor) <= numbers && readers.All(r => front.Contains(r.Outer.Output[0])))
            return Kept("scales numeric features before the network");
        var judged = readers.Select(r => Judge(tensor.Name, dims, r)).ToArray();
        var best = judged.MinBy(p => p.Kind)!;
        return best;
    }

    private ModelParameter Judge(string name, long[] dims, Reader reader)
    {
        var (node, slot) = (reader.Node, reader.Slot);
        ModelParameter Kept(string reason) => new(name, dims, ParameterKind.Constant, false, reason);
        ModelParameter Fitted(ParameterKind kind, string reason) => new(name, dims, kind, true, reason);
        switch (node.OpType, slot)
        {
            case ("Gather", 0) when node.Int("axis", 0) == 0 && graph.Constant(node.Input[1]) is null:
                return IsIdentity(name, dims)
                    ? Kept("one-hot rows of a lookup")
                    : Fitted(ParameterKind.Table, "table of a lookup");
            case ("MatMul", _) or ("Gemm", < 2) or ("Einsum", _) or ("Conv", 1) or ("ConvTranspose", 1):
                return Fitted(ParameterKind.Weight, $"weight of {node.OpType}") with
                {
                    Fans = Fans(dims, reader),
                    Rectified = IsRectified(node),
                };
            case ("GRU" or "LSTM" or "RNN", 1 or 2):
                return Fitted(ParameterKind.Weight, $"weight of {node.OpType}") with { Fans = (dims[^1], dims[^2]) };
            case ("GRU" or "LSTM" or "RNN", 3):
                return Fitted(ParameterKind.Bias, $"bias of {node.OpType}");
            case ("Gemm" or "Conv" or "ConvTranspose", 2):
                return Fitted(ParameterKind.Bias, $"bias of {node.OpType}");
            case ("PRelu", 1):
                return Fitted(ParameterKind.Slope, "slope of PRelu");
            case ("BatchNormalization", 3 or 4):
                return Kept("running statistic of BatchNormalization");
            case (_, 1) when node.OpType.EndsWith("Normalization", StringComparison.Ordinal):
                return Fitted(ParameterKind.Scale, $"scale of {node.OpType}");
            case (_, 2) when node.OpType.EndsWith("Normalization", StringComparison.Ordinal):
                return Fitted(ParameterKind.Bias, $"bias of {node.OpType}");
            case ("Add" or "Sum", _):
                return dims.Length == 0
                    ? Kept("a single number that is added")
                    : Fitted(ParameterKind.Bias, "bias that is added");
            case ("Mul", _):
                return dims.Length == 0 || dims.All(d => d == 1) ? Kept("a single factor")
                    : IsMask(name) ? Kept("a mask of zeros and ones")
                    : dims.Count(d => d > 1) > 1
                        ? Fitted(ParameterKind.Vectors, "vectors that numbers are multiplied by")
                    : Fitted(ParameterKind.Scale, "factor of every element");
            default:
                return Kept($"constant of {node.OpType}");
        }
    }

    private bool IsIdentity(string name, long[] dims) =>
        dims is [var rows, var columns]
        && rows == columns
        && graph.Constant(name)!.ToDoubles().Index().All(v => v.Item == (v.Index % (rows + 1) == 0 ? 1 : 0));

    private bool IsMask(string name) => graph.Constant(name)!.ToDoubles().All(v => v is 0 or 1) && !IsAllOnes(name);

    private bool IsAllOnes(string name) => graph.Constant(name)!.ToDoubles().All(v => v == 1);

    private static (long In, long Out) Fans(long[] dims, Reader reader)
    {
        if (dims.Length < 2)
            return (dims.DefaultIfEmpty(1).Max(), 1);
        if (reader.Node.OpType is "Conv" or "ConvTranspose")
        {
            var kernel = dims.Skip(2).Aggregate(1L, (a, d) => a * d);
            return (dims[1] * kernel, dims[0] * kernel);
        }
        var turned = reader.Transposed;
        if (reader.Node.OpType == "Gemm")
            turned ^= reader.Node.Int(reader.Slot == 0 ? "transA" : "transB", 0) != 0;
        // As the left operand a matrix is [outputs, inputs].
        turned ^= reader is { Slot: 0, Node.OpType: "Gemm" or "MatMul" };
        return turned ? (dims[^1], dims[^2]) : (dims[^2], dims[^1]);
    }

    private bool IsRectified(NodeProto node)
    {
        for (var steps = 0; steps < 8; steps++)
        {
            var next = graph.Consumers(node.Output[0]);
            if (next.Any(n => Rectifiers.Contains(n.OpType)))
                return true;
            if (next.FirstOrDefault(n => Between.Contains(n.OpType)) is not { } through)
                return false;
            node = through;
        }
        return false;
    }
}
