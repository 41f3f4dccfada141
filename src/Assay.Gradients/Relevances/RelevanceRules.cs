using System.Collections.Frozen;
using Assay.Onnx;

namespace Assay.Gradients.Relevances;

/// <summary>
/// The table of relevance rules: ε and γ rules of Bach et al. 2015 and Montavon et al. 2019, products, softmax and
/// normalisation after Achtibat et al. 2024 (arXiv 2402.05602). An operator without a row has none.
/// </summary>
internal static class RelevanceRules
{
    /// <summary>Each element of the output is one of the input, or a share of it that the gradient states.</summary>
    public static readonly string[] Moving =
    [
        "Identity",
        "Cast",
        "CastLike",
        "Concat",
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Slice",
        "Split",
        "Gather",
        "GatherElements",
        "GatherND",
        "ScatterElements",
        "ScatterND",
        "Expand",
        "Tile",
        "Pad",
        "Trilu",
        "Dropout",
        "Where",
        "Max",
        "Min",
        "ReduceMax",
        "ReduceMin",
        "MaxPool",
        "GlobalMaxPool",
        "TopK",
        "ReduceLogSumExp",
    ];

    /// <summary>Functions of each element, and normalisations, which pass relevance on as it is.</summary>
    public static readonly string[] Passing =
    [
        "Neg",
        "Relu",
        "LeakyRelu",
        "PRelu",
        "Elu",
        "Selu",
        "Celu",
        "Sigmoid",
        "Tanh",
        "Softplus",
        "Softsign",
        "Erf",
        "Gelu",
        "Mish",
        "Swish",
        "HardSigmoid",
        "HardSwish",
        "ThresholdedRelu",
        "Shrink",
        "Abs",
        "Exp",
        "Log",
        "Sqrt",
        "Reciprocal",
        "Pow",
        "Clip",
        "Sin",
        "Cos",
        "Atan",
        "Asinh",
        "LayerNormalization",
        "InstanceNormalization",
        "LpNormalization",
    ];

    // y = Σ xᵢ·∂y/∂xᵢ + constants: sums of any kind.
    private static readonly string[] Sums =
    [
        "Add",
        "Sub",
        "Sum",
        "Mean",
        "ReduceSum",
        "ReduceMean",
        "ReduceL1",
        "ReduceL2",
        "CumSum",
        "BatchNormalization",
        "AveragePool",
        "GlobalAveragePool",
        "LogSoftmax",
    ];

    /// <summary>All rows.</summary>
    public static IReadOnlyList<RelevanceRule> All { get; } =
    [
        .. Moving.Select(o => new RelevanceRule(o, c => c.Ordinary(c.Relevances))),
        .. Passing.Select(o => new RelevanceRule(o, c => Take(c, 0))),
        .. Sums.Select(o => new RelevanceRule(o, c => Shares.Proportional(c, _ => 1))),
        new("ReduceSumSquare", c => Shares.Proportional(c, _ => 2)),
        new("Mul", Shares.Product),
        new("MatMul", Shares.Product),
        new("Gemm", Shares.Product),
        new("Conv", Shares.Product),
        new("ConvTranspose", Shares.Product),
        new("Einsum", Shares.Product),
        new("Div", c => Take(c, c.Needs(0) ? 0 : 1)),
        new("Softmax", Softmax),
    ];

    private static readonly FrozenDictionary<string, RelevanceRule> ByOperator = All.ToFrozenDictionary(r =>
        r.Operator
    );

    /// <summary>The rule of a standard operator, or null.</summary>
    public static RelevanceRule? Find(string operatorType) => ByOperator.GetValueOrDefault(operatorType);

    /// <summary>One input takes all, whatever else varies: a scale, a slope, an exponent, the bounds of a Clip.</summary>
    internal static string?[] Take(RelevanceContext c, int taker) =>
        [
            .. Enumerable
                .Range(0, c.Node.Input.Count)
                .Select(i =>
                    i == taker && c.Needs(i) ? c.SumTo(c.R, i)
                    : c.Needs(i) ? c.Nothing(i)
                    : null
                ),
        ];

    // First order of Taylor at x (arXiv 2402.05602, equation 13): xᵢ·(Rᵢ − sᵢ·ΣR); its bias keeps the rest.
    private static string?[] Softmax(RelevanceContext c)
    {
        var (e, axis) = (c.Emit, c.Node.Int("axis", -1));
        var kept = e.Mul(c.Y, e.ReduceSum(c.R, [axis], keepDims: true));
        // A masked element, −∞, has no relevance.
        var x = e.Where(e.Node("IsInf", [c.Input(0)]), e.Scalar(0), c.Input(0));
        return [e.Mul(x, e.Sub(c.R, kept))];
    }
}
