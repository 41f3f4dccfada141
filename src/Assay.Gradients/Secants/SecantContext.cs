using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Secants;

/// <summary>What a secant rule sees of its node: the values at both ends of each interval and the ordinary rule.</summary>
internal sealed class SecantContext(
    NodeProto node,
    GradientRule rule,
    Emitter emitter,
    ShapeTable shapes,
    ValueTypes types,
    PathEnds ends,
    IReadOnlyList<string?> outputGradients,
    IReadOnlyList<bool> needed
)
{
    /// <summary>The node.</summary>
    public NodeProto Node => node;

    /// <summary>Adds nodes.</summary>
    public Emitter Emit => emitter;

    /// <summary>The factor of the first output.</summary>
    public string G => outputGradients[0] ?? emitter.FilledLike(ends.Lower(node.Output[0]), 0);

    /// <summary>Whether the factor of an input is wanted.</summary>
    public bool Needs(int i) => i < needed.Count && needed[i];

    /// <summary>Whether an input differs along the path.</summary>
    public bool Varies(int i) => ends.Varies(node.InputAt(i));

    /// <summary>Number of inputs that differ along the path.</summary>
    public int Varying => Enumerable.Range(0, node.Input.Count).Count(Varies);

    /// <summary>An input at the lower ends.</summary>
    public string Lower(int i) => ends.Lower(node.InputAt(i));

    /// <summary>An input at the upper ends.</summary>
    public string Upper(int i) => ends.Upper(node.InputAt(i));

    /// <summary>The mean of an input's ends.</summary>
    public string Middle(int i) => ends.Middle(node.InputAt(i));

    /// <summary>The first output at the lower ends.</summary>
    public string LowerY => ends.Lower(node.Output[0]);

    /// <summary>The first output at the upper ends.</summary>
    public string UpperY => ends.Upper(node.Output[0]);

    /// <summary>Unit roundoff of the values.</summary>
    public double Epsilon => types.Float(node.Output[0]) == DataType.Double ? 2.2e-16 : 1.2e-7;

    /// <summary>A constant tensor, or null.</summary>
    public TensorData? Constant(int i) =>
        node.InputAt(i) is { Length: > 0 } value ? emitter.Graph.Constant(value) : null;

    /// <summary>All axes of an input from the given one on.</summary>
    public long[] LastAxes(int input, long first)
    {
        var rank =
            shapes.Rank(node.InputAt(input)) ?? throw Unsupported($"the rank of '{node.InputAt(input)}' is unknown");
        return [.. Enumerable.Range(0, rank).Select(i => (long)i).Skip((int)(first < 0 ? first + rank : first))];
    }

    /// <summary>The ordinary rule where the inputs are at their lower ends.</summary>
    public string?[] OrdinaryAtLower() => Ordinary(ends.Lower, ends.Lower, outputGradients);

    /// <summary>
    /// The ordinary rule where the inputs are half way. The output, which such rules take only the shape of, is not
    /// evaluated there.
    /// </summary>
    public string?[] OrdinaryAtMiddle() => Ordinary(ends.Middle, ends.Lower, outputGradients);

    /// <summary>
    /// The mean of the ordinary rule along the interval by n nodes of Gauss and Legendre, exact for what is of degree 2n in
    /// its inputs: n from 1 to 4. The output is not evaluated there.
    /// </summary>
    public string?[] OrdinaryAlong(int n)
    {
        string?[]? sum = null;
        foreach (var (place, weight) in Nodes[n - 1])
        {
            var moved = new Dictionary<string, string>();
            string At(string value) =>
                !ends.Varies(value) ? ends.Lower(value)
                : moved.TryGetValue(value, out var there) ? there
                : moved[value] = Between(value, place);
            var sent = Ordinary(At, ends.Lower, outputGradients);
            for (var i = 0; i < sent.Length; i++)
                sent[i] = sent[i] is { } share && Needs(i) ? emitter.Mul(share, emitter.Scalar(weight)) : null;
            sum = sum is null ? sent : [.. sum.Zip(sent, (a, b) => a is null || b is null ? null : emitter.Add(a, b))];
        }
        return sum!;
    }

    private string Between(string value, double place)
    {
        var change = emitter.Sub(ends.Upper(value), ends.Lower(value));
        var there = emitter.Add(ends.Lower(value), emitter.Mul(change, emitter.Scalar(place)));
        shapes.Set(there, shapes.TryGet(ends.Lower(value))!);
        return there;
    }

    // Abramowitz and Stegun, table 25.4, mapped to [0, 1].
    private static readonly (double Place, double Weight)[][] Nodes =
    [
        [(0.5, 1)],
        [(0.211324865405187, 0.5), (0.788675134594813, 0.5)],
        [(0.112701665379258, 5 / 18.0), (0.5, 8 / 18.0), (0.887298334620742, 5 / 18.0)],
        [
            (0.069431844202974, 0.173927422568727),
            (0.330009478207572, 0.326072577431273),
            (0.669990521792428, 0.326072577431273),
            (0.930568155797026, 0.173927422568727),
        ],
    ];

    /// <summary>
    /// The axes that a reduction goes over, counted from the front; an error where the graph computes them or all are meant.
    /// </summary>
    public long[] ReducedAxes()
    {
        var rank = shapes.Rank(node.InputAt(0)) ?? throw Unsupported($"the rank of '{node.InputAt(0)}' is unknown");
        if (OperatorForms.Axes(emitter.Graph, node) is not { Length: > 0 } axes)
            throw Unsupported("its axes are not constant");
        return [.. axes.Select(a => a < 0 ? a + rank : a).Order()];
    }

    /// <summary>What a reduction returned, or its factor, with the reduced dimensions kept as ones.</summary>
    public string Kept(string value) => node.Int("keepdims", 1) == 1 ? value : emitter.Unsqueeze(value, ReducedAxes());

    /// <summary>The size of a dimension of an input, or null where it is unknown or varies.</summary>
    public long? Size(int input, long axis) =>
        shapes.TryGet(node.InputAt(input))?.Dims is { } dims && axis < dims.Length ? dims[axis].Size : null;

    /// <summary>The rank of an input, or null.</summary>
    public int? Rank(int input) => shapes.Rank(node.InputAt(input));

    /// <summary>The ordinary rule of the node evaluated once more, half way.</summary>
    public string?[] DerivativeAtMiddle()
    {
        var again = node.Clone();
        for (var i = 0; i < again.Input.Count; i++)
            again.Input[i] = ends.Middle(node.Input[i]);
        var outputs = node.Output.ToDictionary(o => o, o => o.Length == 0 ? o : emitter.Graph.FreshName("middle/" + o));
        for (var i = 0; i < again.Output.Count; i++)
            again.Output[i] = outputs[node.Output[i]];
        again.Name = again.Output[0];
        emitter.Graph.Add(again);
        foreach (var (value, copy) in outputs)
            if (shapes.TryGet(value) is { } shape)
                shapes.Set(copy, shape);
        return Ordinary(ends.Middle, o => outputs[o], outputGradients);
    }

    /// <summary>A factor in the shape of the output, summed to the shape of an input that was broadcast to it.</summary>
    public string SumTo(string factor, int input) =>
        Context(ends.Lower, ends.Lower, outputGradients).SumTo(factor, ends.Lower(node.InputAt(input)));

    /// <summary>An error for a form of the operator that the rule does not cover.</summary>
    public AssayException Unsupported(string why) => NoSecant.At(node, why);

    private string?[] Ordinary(
        Func<string, string> input,
        Func<string, string> output,
        IReadOnlyList<string?> gradients
    )
    {
        var context = Context(input, output, gradients);
        var sent = rule.Gradient!(context);
        for (var i = 0; i < sent.Length; i++)
            if (rule.Broadcasts && sent[i] is { } share && Needs(i))
                sent[i] = context.SumTo(share, context.Input(i));
        return sent;
    }

    private RuleContext Context(
        Func<string, string> input,
        Func<string, string> output,
        IReadOnlyList<string?> gradients
    )
    {
        var moved = node.Clone();
        for (var i = 0; i < moved.Input.Count; i++)
            moved.Input[i] = input(node.Input[i]);
        for (var i = 0; i < moved.Output.Count; i++)
            moved.Output[i] = output(node.Output[i]);
        return new RuleContext(moved, emitter, shapes, types, gradients, needed);
    }
}
