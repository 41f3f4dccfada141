using Assay.Onnx.Wire;

namespace Assay.Gradients.Points;

/// <summary>How operators treat labels.</summary>
internal static class LabelOperators
{
    private static readonly HashSet<string> Movement =
    [
        "Identity",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "Flatten",
        "Transpose",
        "Slice",
        "Split",
        "Gather",
        "Concat",
        "Expand",
        "Tile",
        "Dropout",
    ];

    private static readonly HashSet<string> Elementwise =
    [
        "Cast",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Pow",
        "Min",
        "Max",
        "Mod",
        "Where",
        "Clip",
        "Neg",
        "Abs",
        "Sqrt",
        "Reciprocal",
        "Exp",
        "Log",
        "Erf",
        "Sin",
        "Cos",
        "Tanh",
        "Sigmoid",
        "Relu",
        "LeakyRelu",
        "Elu",
        "Softplus",
        "PRelu",
        "Sign",
        "Floor",
        "Ceil",
        "Round",
        "BatchNormalization",
        "IsNaN",
        "IsInf",
        "LabelEncoder",
        "CategoryMapper",
    ];

    private static readonly HashSet<string> Comparison =
    [
        "Less",
        "LessOrEqual",
        "Greater",
        "GreaterOrEqual",
        "Equal",
        "Not",
        "And",
        "Or",
    ];

    /// <summary>Operators that compute a shape or an index list rather than data.</summary>
    public static readonly HashSet<string> Parameters =
    [
        "Shape",
        "Gather",
        "Concat",
        "Unsqueeze",
        "Squeeze",
        "Cast",
        "Slice",
        "Mul",
        "Add",
        "Sub",
        "Div",
        "Equal",
        "Where",
        "ConstantOfShape",
        "Expand",
        "Identity",
        "ReduceProd",
        "Range",
        "Reshape",
        "Size",
    ];

    /// <summary>Whether a node gives each category (a string, mostly) a code or a number: ONNX Runtime executes it.</summary>
    public static bool IsEncoder(NodeProto node) =>
        node is { Domain: "ai.onnx.ml", OpType: "LabelEncoder" or "CategoryMapper" };

    /// <summary>Whether the operator only moves elements.</summary>
    public static bool IsMovement(string op) => Movement.Contains(op);

    /// <summary>Whether the operator acts on each element by itself.</summary>
    public static bool IsElementwise(string op) => Elementwise.Contains(op) || Comparison.Contains(op);

    /// <summary>Whether the operator asks a yes-or-no question; see <see cref="MaskValues"/>.</summary>
    public static bool IsComparison(string op) => Comparison.Contains(op);

    /// <summary>Positions of the inputs that carry data rather than shapes, axes or bounds.</summary>
    public static IEnumerable<int> DataInputs(string op, int count) =>
        op is "Concat" ? Enumerable.Range(0, count)
        : IsMovement(op) || op is "Clip" or "BatchNormalization" ? [0]
        : Enumerable.Range(0, count);
}
