using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;

namespace Assay.Fuzz;

/// <summary>What mutations choose from: absurd sizes, operators, parts of a model.</summary>
internal static class Choices
{
    private static readonly long[] Sizes =
    [
        0,
        1,
        2,
        3,
        5,
        7,
        8,
        64,
        -1,
        -2,
        1_000,
        100_000,
        50_000_000,
        500_000_000,
        int.MaxValue,
        1L << 32,
        1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    public static readonly string[] Operators =
    [
        "Add",
        "Mul",
        "Div",
        "Relu",
        "Sigmoid",
        "Softmax",
        "MatMul",
        "Gemm",
        "Gather",
        "GatherElements",
        "GatherND",
        "Reshape",
        "Expand",
        "Tile",
        "Range",
        "ConstantOfShape",
        "Shape",
        "Size",
        "NonZero",
        "Where",
        "Concat",
        "Split",
        "Slice",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Pad",
        "ReduceSum",
        "ReduceMax",
        "ReduceProd",
        "TopK",
        "CumSum",
        "Einsum",
        "Pow",
        "Sqrt",
        "Log",
        "Erf",
        "LayerNormalization",
        "BatchNormalization",
        "OneHot",
        "Loop",
        "If",
        "Scan",
        "GRU",
        "LSTM",
        "Dropout",
        "Cast",
        "Identity",
        "Trilu",
        "Clip",
        "Conv",
        "Resize",
        "ScatterND",
        "Unique",
        "RandomNormal",
        "SequenceAt",
        "Nonsense",
        "",
    ];

    public static T? Pick<T>(IList<T> list, CounterRandom random)
        where T : class => list.Count == 0 ? null : list[random.NextInt(list.Count)];

    public static long Size(CounterRandom random) => Sizes[random.NextInt(Sizes.Length)];

    public static GraphProto Graph(ModelProto model, CounterRandom random)
    {
        var graph = model.Graph;
        while (random.NextBool(0.5) && graph.Node.SelectMany(n => n.Subgraphs()).ToArray() is { Length: > 0 } inner)
            graph = inner[random.NextInt(inner.Length)];
        return graph;
    }

    public static NodeProto? Node(ModelProto model, CounterRandom random) => Pick(Graph(model, random).Node, random);

    public static string Value(ModelProto model, CounterRandom random)
    {
        var graph = model.Graph;
        string[] names =
        [
            .. graph.Node.SelectMany(n => n.Output),
            .. graph.Input.Select(i => i.Name),
            .. graph.Initializer.Select(t => t.Name),
            "",
        ];
        return names[random.NextInt(names.Length)];
    }
}
