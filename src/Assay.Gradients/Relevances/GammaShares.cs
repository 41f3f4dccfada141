using Assay.Onnx;

namespace Assay.Gradients.Relevances;

/// <summary>
/// The rule γ for linear layers (Montavon et al. 2019), for inputs and outputs of either sign: a term xⱼwⱼₖ that has the sign of
/// its sum zₖ counts 1 + γ times.
/// </summary>
internal static class GammaShares
{
    /// <summary>Whether the node is a linear layer with its weights on the right, and γ is not 0.</summary>
    public static bool Applies(RelevanceContext c) =>
        c.Options.Gamma != 0
        && c.Node.OpType is "MatMul" or "Gemm" or "Conv"
        && c.Needs(0)
        && !c.Needs(1)
        && !c.Needs(2)
        && c.Node.Float("alpha", 1) > 0
        && c.Node.Float("beta", 1) > 0;

    /// <summary>The relevance of the layer's input.</summary>
    public static string?[] Linear(RelevanceContext c)
    {
        var (e, x) = (c.Emit, c.Input(0));
        var (up, down) = Parts(e, x);
        var (above, below) = Parts(e, c.Input(1));
        var positive = e.Node("Greater", [c.Y, e.Scalar(0)]);
        var agreeing = AgreeingTerms(c, positive, (up, down), (above, below));
        var unit = c.PerUnit(c.R, e.Add(c.Y, e.Mul(agreeing, e.Scalar(c.Options.Gamma))));
        var toPositive = e.Where(positive, unit, e.Scalar(0));
        var toOthers = e.Sub(unit, toPositive);
        string Back(string gradient, string weights) =>
            c.Ordinary([gradient], new Dictionary<int, string> { [1] = weights })[0]!;
        var agreed = e.Add(
            e.Mul(up, e.Add(Back(toPositive, above), Back(toOthers, below))),
            e.Mul(down, e.Add(Back(toPositive, below), Back(toOthers, above)))
        );
        return [e.Add(e.Mul(x, Back(unit, c.Input(1))), e.Mul(agreed, e.Scalar(c.Options.Gamma))), null, null];
    }

    // What the terms, the bias among them, that have the sign of their sum add up to.
    private static string AgreeingTerms(
        RelevanceContext c,
        string positive,
        (string Up, string Down) x,
        (string Above, string Below) weights
    )
    {
        var e = c.Emit;
        var bias = c.Input(2).Length > 0;
        Dictionary<int, string> Of(string left, string right) => new() { [0] = left, [1] = right };
        var (first, second) = (Of(x.Up, weights.Above), Of(x.Down, weights.Below));
        if (bias)
            (first[2], second[2]) = (Parts(e, c.Input(2)).Up, "");
        var sum = e.Add(c.Again(first), c.Again(second));
        return e.Where(positive, sum, e.Sub(c.Y, sum));
    }

    private static (string Up, string Down) Parts(Emitter e, string value)
    {
        var up = e.Node("Relu", [value]);
        return (up, e.Sub(value, up));
    }
}
