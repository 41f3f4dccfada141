using System.Collections.Frozen;

namespace Assay.Gradients.Secants;

/// <summary>The table of secant rules. An operator without a row has none.</summary>
internal static class SecantRules
{
    // Linear in what varies: the ordinary rule, wherever it is taken. What selects must not vary.
    private static readonly string[] Linear =
    [
        "Add",
        "Sub",
        "Sum",
        "Mean",
        "Neg",
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
        "ReduceSum",
        "ReduceMean",
        "CumSum",
        "Trilu",
        "Dropout",
        "BatchNormalization",
        "AveragePool",
        "GlobalAveragePool",
        "Where",
    ];

    // Of second degree in what varies: the gradient half way is the slope exactly.
    private static readonly string[] Quadratic = ["Mul", "MatMul", "Gemm", "Conv", "ConvTranspose", "ReduceSumSquare"];

    private static readonly string[] Smooth =
    [
        "Sigmoid",
        "Tanh",
        "Softplus",
        "Softsign",
        "Erf",
        "Gelu",
        "Mish",
        "Swish",
        "Sin",
        "Cos",
        "Atan",
        "Asinh",
        "Sinh",
        "Cosh",
    ];

    private static readonly string[] Kinked =
    [
        "Elu",
        "Selu",
        "Celu",
        "Clip",
        "HardSigmoid",
        "HardSwish",
        "ThresholdedRelu",
        "Shrink",
    ];

    /// <summary>All rows.</summary>
    public static IReadOnlyList<SecantRule> All { get; } =
    [
        .. Linear.Select(o => new SecantRule(o, LinearRule, IsLinear: true)),
        .. Quadratic.Select(o => new SecantRule(o, QuadraticRule)),
        .. Smooth.Select(o => new SecantRule(o, ElementwiseSecants.Smooth)),
        .. Kinked.Select(o => new SecantRule(o, ElementwiseSecants.Kinked)),
        .. ElementwiseSecants.Rows,
        .. NormalisingSecants.Rows,
        .. ExtremeSecants.Rows,
        new("Einsum", Einsum),
        new("ReduceProd", ReduceProd),
    ];

    private static readonly FrozenDictionary<string, SecantRule> ByOperator = All.ToFrozenDictionary(r => r.Operator);

    /// <summary>The rule of a standard operator, or null.</summary>
    public static SecantRule? Find(string operatorType) => ByOperator.GetValueOrDefault(operatorType);

    private static string?[] LinearRule(SecantContext c) => c.OrdinaryAtLower();

    private static string?[] QuadraticRule(SecantContext c) =>
        c.Varying > 1 || c.Node.OpType == "ReduceSumSquare" ? c.OrdinaryAtMiddle() : c.OrdinaryAtLower();

    // A product of as many values as there are operands that vary.
    private static string?[] Einsum(SecantContext c) =>
        c.Varying switch
        {
            1 => c.OrdinaryAtLower(),
            2 => c.OrdinaryAtMiddle(),
            <= MostFactors => c.OrdinaryAlong((c.Varying + 1) / 2),
            _ => throw c.Unsupported($"more than {MostFactors} of its operands vary along the path"),
        };

    private static string?[] ReduceProd(SecantContext c)
    {
        var factors = c.ReducedAxes().Aggregate((long?)1, (n, a) => n * c.Size(0, a));
        return factors is <= MostFactors
            ? c.OrdinaryAlong((int)(factors.Value + 1) / 2)
            : throw c.Unsupported($"it has more than {MostFactors} factors, or an unknown number of them");
    }

    // What four nodes integrate exactly.
    private const int MostFactors = 8;
}
