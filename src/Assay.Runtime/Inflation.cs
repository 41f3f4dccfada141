using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>
/// Operators that make much of little: a few bytes in a file may ask for gigabytes. Where the size asked for is a
/// constant it is known before anything is run.
/// </summary>
internal static class Inflation
{
    /// <summary>The number of elements that may be made of nothing; a causal mask of 2048 positions has half as many.</summary>
    public const long MaximumElements = 1 << 23;

    // Far beyond any sequence of a recommender.
    private const int MaximumIterations = 1 << 18;

    // Size operands are short lists.
    private const int MaximumOperand = 64;

    /// <summary>Throws an input error naming the node that asks for more, subgraphs included.</summary>
    public static void Require(OnnxModel model) =>
        Require(model.Proto.Graph, new Dictionary<string, TensorData>(), model.Folder);

    /// <summary>Whether the sizes that a node and its subgraphs ask for are all among <paramref name="known"/> values.</summary>
    public static bool IsKnown(NodeProto node, IReadOnlySet<string> known) =>
        SizeOperands(node).All(i => node.InputAt(i).Length == 0 || known.Contains(node.InputAt(i)))
        && node.Subgraphs()
            .All(g =>
            {
                var inner = known.Concat(g.Initializer.Select(t => t.Name)).ToHashSet();
                return g.Node.All(n => IsKnown(n, inner));
            });

    private static void Require(GraphProto graph, IReadOnlyDictionary<string, TensorData> outer, string? folder)
    {
        var wanted = graph.Node.Any(n => n.Subgraphs().Any())
            ? null
            : graph.Node.SelectMany(n => SizeOperands(n).Select(n.InputAt)).ToHashSet();
        var constants = new Dictionary<string, TensorData>(outer);
        foreach (var tensor in graph.Initializer)
            if (wanted?.Contains(tensor.Name) != false && IsShort(tensor))
                constants[tensor.Name] = TensorReader.Read(tensor, folder);
        foreach (var node in graph.Node)
        {
            foreach (var i in Scalars(node))
                if (constants.TryGetValue(node.InputAt(i), out var scalar) && scalar.Count != 1)
                    throw AssayException.Input(
                        $"{node.Describe()} reads '{node.Input[i]}' as one number, but it is {scalar}."
                    );
            if (IsEndless(node, constants))
                throw AssayException.Input(
                    $"{node.Describe()} runs more than {MaximumIterations} times whatever its input; export the model without it."
                );
            if (
                node.OpType == "Tile"
                && constants.GetValueOrDefault(node.InputAt(1))?.ToDoubles().Any(r => r < 0) == true
            )
                throw AssayException.Input($"{node.Describe()} repeats its input a negative number of times.");
            if (Elements(node, constants) > MaximumElements)
                throw AssayException.Input(
                    $"{node.Describe()} makes more than {MaximumElements} elements; export the model without it."
                );
            foreach (var inner in node.Subgraphs())
                Require(inner, constants, folder);
        }
    }

    // A count alone ends the loop: its condition is passed on as it came, or constant.
    private static bool IsEndless(NodeProto node, Dictionary<string, TensorData> constants)
    {
        if (node.OpType != "Loop" || node.Attribute("body")?.G is not { Input.Count: > 1, Output.Count: > 0 } body)
            return false;
        if (
            constants.GetValueOrDefault(node.InputAt(0)) is { Count: 1 } trips
            && trips.ToDoubles()[0] <= MaximumIterations
        )
            return false;
        if (node.InputAt(0).Length > 0 && !constants.ContainsKey(node.InputAt(0)))
            return false;
        var condition = body.Output[0].Name;
        while (body.Node.FirstOrDefault(n => n.Output.Contains(condition)) is { OpType: "Identity" or "Cast" } pass)
            condition = pass.InputAt(0);
        return condition == body.Input[1].Name
            || body.Initializer.Any(t => t.Name == condition)
            || constants.ContainsKey(condition)
            || body.Node.Any(n => n.OpType == "Constant" && n.Output.Contains(condition));
    }

    private static bool IsShort(TensorProto tensor) =>
        ElementTypes.IsSupported((TensorProto.Types.DataType)tensor.DataType)
        && tensor.DataType != (int)TensorProto.Types.DataType.String
        && tensor.Dims.Aggregate(1L, (p, d) => p * Math.Min(d, MaximumOperand + 1)) is <= MaximumOperand and >= 0;

    private static int[] SizeOperands(NodeProto node) =>
        !OnnxModel.IsStandard(node.Domain)
            ? []
            : node.OpType switch
            {
                "ConstantOfShape" => [0],
                "Expand" or "Tile" or "OneHot" or "Pad" or "Upsample" => [1],
                "Range" => [0, 1, 2],
                "Resize" => [2, 3],
                "Loop" => [0],
                _ => [],
            };

    // ONNX Runtime reads these without looking whether there is anything to read.
    private static int[] Scalars(NodeProto node) =>
        node.OpType switch
        {
            "OneHot" => [1],
            "Range" => [0, 1, 2],
            _ => [],
        };

    private static double Elements(NodeProto node, IReadOnlyDictionary<string, TensorData> constants)
    {
        double[]? Operand(int i) => constants.GetValueOrDefault(node.InputAt(i))?.ToDoubles();
        switch (node.OpType)
        {
            case "ConstantOfShape":
                return Product(Operand(0));
            case "Expand" or "Tile" or "Upsample":
                return Product(Operand(1));
            case "OneHot":
                return Largest(Operand(1));
            case "Pad":
                return Math.Max(Largest(Operand(1)), Largest(node.Ints("pads")?.Select(p => (double)p)));
            case "Resize":
                return Math.Max(Product(Operand(2)), Product(Operand(3)));
            case "RandomNormal" or "RandomUniform":
                return Product(node.Ints("shape")?.Select(d => (double)d));
            case "Range" when Operand(0) is [var from] && Operand(1) is [var to] && Operand(2) is [var step]:
                return (to - from) / step;
            default:
                return 0;
        }
    }

    private static double Product(IEnumerable<double>? dims) => dims?.Aggregate(1.0, (p, d) => p * Math.Abs(d)) ?? 0;

    // Sizes so far below 0 wrap around.
    private static double Largest(IEnumerable<double>? values) => values?.Select(Math.Abs).DefaultIfEmpty(0).Max() ?? 0;
}
