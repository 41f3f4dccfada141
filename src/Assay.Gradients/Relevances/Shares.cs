using Assay.Onnx;

namespace Assay.Gradients.Relevances;

/// <summary>Relevance shared in proportion to the terms of a sum.</summary>
internal static class Shares
{
    /// <summary>
    /// xᵢ · ∂⟨y, R/(y ± ε)⟩/∂xᵢ / dᵢ: for sums each its own term's share (d = 1), for products of d factors 1/d of their
    /// terms' shares to each. What constants contribute to y is their share, which nobody gets.
    /// </summary>
    public static string?[] Proportional(RelevanceContext c, Func<int, int> degree)
    {
        var e = c.Emit;
        var sent = c.Ordinary(c.PerUnit(c.R, c.Y));
        for (var i = 0; i < sent.Length; i++)
            if (c.Needs(i) && sent[i] is { } slope)
            {
                var share = e.Mul(c.Input(i), slope);
                sent[i] = degree(i) == 1 ? share : e.Mul(share, e.Scalar(1.0 / degree(i)));
            }
        return sent;
    }

    /// <summary>
    /// Products: with one factor that varies a linear layer, by the rules ε and γ; with more each factor gets an equal part,
    /// but for gates, which get none unless told otherwise.
    /// </summary>
    public static string?[] Product(RelevanceContext c)
    {
        // A bias is no factor.
        var factors = c.Node.OpType is "Gemm" or "Conv" or "ConvTranspose" ? 2 : c.Node.Input.Count;
        var varying = c.NeededBefore(factors);
        if (varying <= 1)
            return GammaShares.Applies(c) ? GammaShares.Linear(c) : Proportional(c, _ => 1);
        if (varying == 2 && Gates.Find(c) is { } gate)
        {
            var shares = c.Node.OpType == "Mul" ? RelevanceRules.Take(c, 1 - gate) : Proportional(c, _ => 1);
            shares[gate] = c.Nothing(gate);
            return shares;
        }
        return Proportional(c, i => i < factors ? varying : 1);
    }
}
