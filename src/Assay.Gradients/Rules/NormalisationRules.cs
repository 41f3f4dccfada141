using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Normalisation layers in inference.</summary>
internal static class NormalisationRules
{
    public static readonly GradientRule[] Rows =
    [
        new("LayerNormalization", LayerNormalization, Since: 17),
        new("BatchNormalization", BatchNormalization, Since: 9, Note: "inference; running statistics get no gradient"),
    ];

    // With n = (x − μ)/s and h = g·scale: ∂x = (h − mean h − n·mean(h·n))/s  (Ba, Kiros and Hinton 2016).
    private static string?[] LayerNormalization(RuleContext c)
    {
        var e = c.Emit;
        if (c.Node.Output.Skip(1).Where((_, i) => c.OutputGradient(i + 1) is not null).Any())
            throw c.Unsupported("only its first output has a rule");
        var (n, inverse, axes) = Normalised(c);
        string Mean(string value) => e.Reduce("ReduceMean", value, axes, keepDims: true);
        string? gx = null;
        if (c.Needs(0))
        {
            var h = e.Mul(c.G, c.Input(1));
            gx = e.Mul(inverse, e.Sub(e.Sub(h, Mean(h)), e.Mul(n, Mean(e.Mul(h, n)))));
        }
        return
        [
            gx,
            c.Needs(1) ? c.SumTo(e.Mul(c.G, n), c.Input(1)) : null,
            c.Needs(2) ? c.SumTo(c.G, c.Input(2)) : null,
        ];
    }

    private static (string Normalised, string InverseDeviation, long[] Axes) Normalised(RuleContext c)
    {
        var e = c.Emit;
        var axis = c.Node.Int("axis", -1);
        var axes = axis == -1 ? [-1L] : LastAxes(c, c.Axis(axis, c.X));
        var centred = e.Sub(c.X, e.Reduce("ReduceMean", c.X, axes, keepDims: true));
        var variance = e.Reduce("ReduceMean", e.Mul(centred, centred), axes, keepDims: true);
        var deviation = e.Node("Sqrt", [e.Add(variance, e.Scalar(c.Node.Float("epsilon", 1e-5f)))]);
        var inverse = e.Node("Reciprocal", [deviation]);
        return (e.Mul(centred, inverse), inverse, axes);
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
