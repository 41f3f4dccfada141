using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Matrix products.</summary>
internal static class ProductRules
{
    public static readonly GradientRule[] Rows =
    [
        new("MatMul", MatMul, Note: "any ranks; unknown ranks are taken to be at least 2"),
        new("Gemm", Gemm),
    ];

    private static string?[] MatMul(RuleContext c)
    {
        var (a, b) = (c.Input(0), c.Input(1));
        if (c.Rank(a) is 1 || c.Rank(b) is 1)
            return VectorMatMul(c, a, b);
        return
        [
            c.Needs(0) ? SumBatch(c, c.Emit.MatMul(c.G, Transposed(c, b)), a) : null,
            c.Needs(1) ? WeightGradient(c, a, b) : null,
        ];
    }

    // A matrix of weights under a batch of any rank is one product of two flattened matrices, not a batch of them.
    private static string WeightGradient(RuleContext c, string a, string b)
    {
        var e = c.Emit;
        if (c.Rank(b) is not 2 || c.Rank(a) is not > 2 || c.StaticDims(b) is not { } dims)
            return SumBatch(c, OfRightOperand(c, a, b), b);
        return e.MatMul(e.Transpose(e.Reshape(a, -1, dims[0]), 1, 0), e.Reshape(c.G, -1, dims[1]));
    }

    // AᵀG, or (GᵀA)ᵀ where the operand is itself a transpose: on the way to what was transposed both cancel.
    private static string OfRightOperand(RuleContext c, string a, string b) =>
        c.Rank(c.Y) is not null && c.Emit.Graph.Producer(b)?.OpType == "Transpose"
            ? Swapped(c, c.Emit.MatMul(Swapped(c, Apart(c, c.G), c.Y), a), c.Y)
            : c.Emit.MatMul(Transposed(c, a), c.G);

    // ONNX Runtime joins transpositions in a row to one that may be far slower than both; a Reshape keeps them apart.
    private static string Apart(RuleContext c, string gradient) =>
        c.Emit.Graph.Producer(gradient)?.OpType == "Transpose" && c.StaticButOne(c.Y) is { } dims
            ? c.Emit.Reshape(gradient, dims)
            : gradient;

    // A value in the rank of another, its last two dimensions swapped.
    private static string Swapped(RuleContext c, string value, string like) =>
        c.Transposed(value, Swap(c.RequiredRank(like)));

    private static long[] Swap(int rank)
    {
        var permutation = Enumerable.Range(0, rank).Select(i => (long)i).ToArray();
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        return permutation;
    }

    // A vector is a matrix of one row (left) or one column (right); the dimension that the product drops is put back.
    private static string?[] VectorMatMul(RuleContext c, string a, string b)
    {
        var e = c.Emit;
        var (left, right) = (c.Rank(a) is 1, c.Rank(b) is 1);
        var g = right ? e.Unsqueeze(c.G, -1) : c.G;
        g = left ? e.Unsqueeze(g, -2) : g;
        string? ga = null,
            gb = null;
        if (c.Needs(0))
        {
            var product = e.MatMul(g, right ? e.Unsqueeze(b, 0) : Transposed(c, b));
            ga = left ? SumToVector(e, product, c.RequiredRank(b), -2) : product;
        }
        if (c.Needs(1))
        {
            var product = e.MatMul(left ? e.Unsqueeze(a, 1) : Transposed(c, a), g);
            gb = right ? SumToVector(e, product, c.RequiredRank(a), -1) : product;
        }
        return [ga, gb];
    }

    private static string SumToVector(Emitter e, string product, int batchRank, long dropped)
    {
        var batch = Enumerable.Range(0, Math.Max(0, batchRank - 2)).Select(i => (long)i).ToArray();
        return e.Squeeze(batch.Length == 0 ? product : e.ReduceSum(product, batch, keepDims: false), dropped);
    }

    private static string Transposed(RuleContext c, string matrix)
    {
        if (c.Rank(matrix) is not { } rank)
            return c.Emit.Opset < 12
                ? throw c.Unsupported("below opset 12 the ranks of its operands must be known")
                : c.Emit.Node("Einsum", [matrix], ("equation", "...ij->...ji"));
        return c.Transposed(matrix, Swap(rank));
    }

    // Batch dimensions broadcast like elementwise operands; the last two never do.
    private static string SumBatch(RuleContext c, string gradient, string operand)
    {
        var (own, output) = (c.Shape(operand), c.Shape(c.Y));
        var full =
            own is null || output is null ? null : output with { Dims = [.. output.Dims[..^2], .. own.Dims[^2..]] };
        return Broadcasting.SumTo(c, gradient, operand, own, full);
    }

    private static string?[] Gemm(RuleContext c)
    {
        var (e, n) = (c.Emit, c.Node);
        var (transA, transB) = (n.Int("transA", 0), n.Int("transB", 0));
        var (alpha, beta) = (n.Float("alpha", 1), n.Float("beta", 1));
        var (a, b) = (c.Input(0), c.Input(1));
        string Product(string left, string right, long tl, long tr) =>
            e.Node("Gemm", [left, right], ("alpha", alpha), ("transA", tl), ("transB", tr));
        return
        [
            !c.Needs(0) ? null
            : transA == 0 ? Product(c.G, b, 0, 1 - transB)
            : Product(b, c.G, transB, 1),
            !c.Needs(1) ? null
            : transB == 0 ? Product(a, c.G, 1 - transA, 0)
            : Product(c.G, a, 1, transA),
            c.Needs(2) ? c.SumTo(beta == 1 ? c.G : e.Mul(c.G, e.Scalar(beta)), c.Input(2)) : null,
        ];
    }
}
