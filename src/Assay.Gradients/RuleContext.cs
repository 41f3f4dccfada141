using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>What a rule sees of its node: the values, what is known of their shapes, and an emitter.</summary>
internal sealed class RuleContext(
    NodeProto node,
    Emitter emitter,
    ShapeTable shapes,
    ValueTypes types,
    IReadOnlyList<string?> outputGradients,
    IReadOnlyList<bool> needed
)
{
    /// <summary>The node whose gradient is taken.</summary>
    public NodeProto Node => node;

    /// <summary>Adds nodes to the gradient graph.</summary>
    public Emitter Emit => emitter;

    /// <summary>The first output's gradient.</summary>
    public string G => outputGradients[0] ?? emitter.FilledLike(node.Output[0], 0);

    /// <summary>The first input.</summary>
    public string X => node.Input[0];

    /// <summary>The first output: the forward value, reused instead of computed again.</summary>
    public string Y => node.Output[0];

    /// <summary>The input at a position; empty where left out.</summary>
    public string Input(int i) => node.InputAt(i);

    /// <summary>Gradient of an output, or null where nothing depends on it.</summary>
    public string? OutputGradient(int i) => outputGradients[i];

    /// <summary>Whether the caller wants the gradient of an input.</summary>
    public bool Needs(int i) => i < needed.Count && needed[i];

    /// <summary>Number of inputs, those left out included.</summary>
    public int Inputs => node.Input.Count;

    /// <summary>What is known of a value's shape, or null.</summary>
    public ValueShape? Shape(string value) => shapes.TryGet(value);

    /// <summary>A gradient in the shape of the output, summed to the shape of an input that was broadcast to it.</summary>
    public string SumTo(string gradient, string input) =>
        Broadcasting.SumTo(this, gradient, input, Shape(input), Shape(Y));

    /// <summary>What is known of shapes.</summary>
    public ShapeTable Shapes => shapes;

    /// <summary>The element type of a value where something tells, else null.</summary>
    public TensorProto.Types.DataType? KnownType(string value) => types.Known(value);

    /// <summary>The floating-point type of a value.</summary>
    public TensorProto.Types.DataType FloatType(string value) => types.Float(value);

    /// <summary>Rank of a value, or null where it is unknown.</summary>
    public int? Rank(string value) => shapes.Rank(value);

    /// <summary>Size of a dimension where it is the same at every batch size, else null.</summary>
    public long? Size(string value, int axis) =>
        shapes.TryGet(value) is { } shape && axis < shape.Rank ? shape.Dims[axis].Size : null;

    /// <summary>All dimensions of a value where each is static, else null.</summary>
    public long[]? StaticDims(string value) =>
        shapes.TryGet(value) is { AllStatic: true } shape ? [.. shape.Dims.Select(d => d.Size!.Value)] : null;

    /// <summary>Dimensions for a Reshape: all static, or one left to be inferred (−1); else null.</summary>
    public long[]? StaticButOne(string value)
    {
        if (shapes.TryGet(value) is not { } shape || shape.Dims.Count(d => d.Size is null) > 1)
            return null;
        // A zero among static sizes would make −1 ambiguous.
        return shape.Dims.Any(d => d.Size is 0) ? null : [.. shape.Dims.Select(d => d.Size ?? -1)];
    }

    /// <summary>A rank that the rule cannot do without; throws naming the node where it is unknown.</summary>
    public int RequiredRank(string value) => Rank(value) ?? throw Unsupported($"the rank of '{value}' must be known");

    /// <summary>A value transposed; what a transposition undoes is not transposed twice.</summary>
    public string Transposed(string value, long[] permutation)
    {
        if (
            emitter.Graph.Producer(value) is { OpType: "Transpose" } earlier
            && earlier.Ints("perm") is { } first
            && permutation.Select((p, i) => first[p] == i).All(same => same)
        )
            return earlier.Input[0];
        return emitter.Transpose(value, permutation);
    }

    /// <summary>A constant tensor, or null.</summary>
    public TensorData? Constant(string value) => value.Length == 0 ? null : emitter.Graph.Constant(value);

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, string value) => (int)(axis < 0 ? axis + RequiredRank(value) : axis);

    /// <summary>An error for a form of the operator that the rule does not cover.</summary>
    public AssayException Unsupported(string why) => UnsupportedOperator.At(node, why);
}
