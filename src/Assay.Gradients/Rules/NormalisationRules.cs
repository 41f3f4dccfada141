using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Normalisation layers in inference.</summary>
internal static class NormalisationRules
{
    public static readonly GradientRule[] Rows =
    [
        new("LayerNormalization", LayerNormalization, Since: 17),
        new("InstanceNormalization", InstanceNormalization),
        new("LpNormalization", LpNormalization, Note: "0 at the zero vector"),
        new("BatchNormalization", BatchNormalization, Note: "inference; running statistics get no gradient"),
    ];

    private static string?[] LayerNormalization(RuleContext c)
    {
        if (c.Node.Output.Skip(1).Where((_, i) => c.OutputGradient(i + 1) is not null).Any())
            throw c.Unsupported("only its first output has a rule");
        var axis = c.Node.Int("axis", -1);
        var axes = axis == -1 ? [-1L] : LastAxes(c, c.Axis(axis, c.X));
        var e = c.Emit;
        var (centred, inverse) = Statistics(c, axes);
        return
        [
            c.Needs(0) ? ThroughStatistics(e, e.Mul(c.G, c.Input(1)), centred, inverse, axes) : null,
            c.Needs(1) ? c.SumTo(e.Mul(c.G, e.Mul(centred, inverse)), c.Input(1)) : null,
            c.Needs(2) ? c.SumTo(c.G, c.Input(2)) : null,
        ];
    }

    private static string?[] InstanceNormalization(RuleContext c)
    {
        var e = c.Emit;
        var axes = LastAxes(c, 2);
        var (centred, inverse) = Statistics(c, axes);
        return
        [
            c.Needs(0) ? ThroughStatistics(e, e.Mul(c.G, AlongChannels(c, c.Input(1))), centred, inverse, axes) : null,
            c.Needs(1) ? e.ReduceSum(e.Mul(c.G, e.Mul(centred, inverse)), [0, .. axes], keepDims: false) : null,
            c.Needs(2) ? e.ReduceSum(c.G, [0, .. axes], keepDims: false) : null,
        ];
    }

    // With c = x − μ and h = g·scale: ∂x = (h − mean h − c·mean(h·c)/s²)/s  (Ba, Kiros and Hinton 2016).
    private static string ThroughStatistics(Emitter e, string h, string centred, string inverse, long[] axes)
    {
        string Mean(string value) => e.Reduce("ReduceMean", value, axes, keepDims: true);
        var slope = e.Mul(e.Mul(inverse, Mean(e.Mul(h, centred))), inverse);
        return e.Mul(inverse, e.Sub(e.Sub(h, Mean(h)), e.Mul(centred, slope)));
    }

    private static (string Centred, string InverseDeviation) Statistics(RuleContext c, long[] axes)
    {
        var e = c.Emit;
        var centred = e.Sub(c.X, e.Reduce("ReduceMean", c.X, axes, keepDims: true));
        var variance = e.Reduce("ReduceMean", e.Mul(centred, centred), axes, keepDims: true);
        var deviation = e.Node("Sqrt", [e.Add(variance, e.Scalar(c.Node.Float("epsilon", 1e-5f)))]);
        return (centred, e.Node("Reciprocal", [deviation]));
    }

    // y = x/‖x‖: what the gradient has along y is lost.
    private static string?[] LpNormalization(RuleContext c)
    {
        var e = c.Emit;
        var axis = c.Node.Int("axis", -1);
        var second = c.Node.Int("p", 2) == 2;
        var norm = e.Reduce(second ? "ReduceL2" : "ReduceL1", c.X, [axis], keepDims: true);
        var along = e.ReduceSum(e.Mul(c.G, c.Y), [axis], keepDims: true);
        var direction = second ? c.Y : e.Node("Sign", [c.X]);
        var isZero = e.Node("Equal", [norm, e.Scalar(0)]);
        var safe = e.Where(isZero, e.Scalar(1), norm);
        return [e.Where(isZero, e.Scalar(0), e.Div(e.Sub(c.G, e.Mul(direction, along)), safe))];
    }

    private static long[] LastAxes(RuleContext c, int first) =>
        [.. Enumerable.Range(first, c.RequiredRank(c.X) - first).Select(i => (long)i)];

    private static string?[] BatchNormalization(RuleContext c)
    {
        if (c.Node.Int("training_mode", 0) != 0)
            throw c.Unsupported("it is in training mode; export the model in evaluation mode");
        var e = c.Emit;
        var (mean, variance) = (c.Input(3), c.Input(4));
        var deviation = e.Node("Sqrt", [e.Add(variance, e.Scalar(c.Node.Float("epsilon", 1e-5f)))]);
        var inverse = AlongChannels(c, e.Node("Reciprocal", [deviation]));
        var others = Enumerable.Range(0, c.RequiredRank(c.X)).Where(i => i != 1).Select(i => (long)i).ToArray();
        return
        [
            c.Needs(0) ? e.Mul(c.G, e.Mul(AlongChannels(c, c.Input(1)), inverse)) : null,
            c.Needs(1)
                ? e.ReduceSum(e.Mul(c.G, e.Mul(e.Sub(c.X, AlongChannels(c, mean)), inverse)), others, false)
                : null,
            c.Needs(2) ? e.ReduceSum(c.G, others, keepDims: false) : null,
        ];
    }

    // A value per channel, [C], shaped to broadcast against [N, C, …].
    private static string AlongChannels(RuleContext c, string value)
    {
        var trailing = c.RequiredRank(c.X) - 2;
        return trailing == 0 ? value : c.Emit.Unsqueeze(value, [.. Enumerable.Range(1, trailing).Select(i => (long)i)]);
    }
}
