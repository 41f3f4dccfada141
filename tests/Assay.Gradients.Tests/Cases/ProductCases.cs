using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class ProductCases
{
    private const string Rank = "must be known";

    // Unknown ranks are taken for 2 or more, which ONNX Runtime then refuses.
    private const string Vector = "Rank 1 is less than";

    public static readonly Case[] Rows =
    [
        new("MatMul", X(2, 3), X(3, 2)),
        new Case("MatMul", X(2, 2, 3), X(3, 2)).Named("weights under a batch"),
        new Case("MatMul", X(2, 2, 3), X(2, 3, 2)).Named("batches"),
        new Case("MatMul", X(2, 1, 2, 3), X(3, 3, 2)).Named("batches broadcast"),
        new Case("MatMul", X(2, 3), X(2, 3, 2)).Named("a matrix times a batch"),
        new Case("MatMul", X(3), X(3)).Named("dot") with
        {
            NeedsShapes = Vector,
        },
        new Case("MatMul", X(3), X(3, 2)).Named("vector left") with
        {
            NeedsShapes = Vector,
        },
        new Case("MatMul", X(2, 3), X(3)).Named("vector right") with
        {
            NeedsShapes = Vector,
        },
        new Case("MatMul", X(3), X(2, 3, 2)).Named("vector left of a batch") with
        {
            NeedsShapes = Vector,
        },
        new Case("MatMul", X(2, 2, 3), X(3)).Named("vector right of a batch") with
        {
            NeedsShapes = Vector,
        },
        new Case("MatMul", X(2, 3), X(3, 2)).At(11) with
        {
            NeedsShapes = Rank,
        },
        new Case("Einsum", X(2, 3), X(3, 2)).With(("equation", "ij,jk->ik")).Named("a product"),
        new Case("Einsum", X(2, 3), X(3, 2)).With(("equation", "ij, jk")).Named("an implicit product"),
        new Case("Einsum", X(2, 3, 2), X(2, 4, 2)).With(("equation", "bid,bjd->bij")).Named("dots of a batch"),
        new Case("Einsum", X(2, 3), X(3), X(2)).With(("equation", "ij,j,i->")).Named("a bilinear form"),
        new Case("Einsum", X(2, 3, 2), X(2)).With(("equation", "ijk,i->i")).Named("with sums of one operand"),
        new Case("Einsum", X(2, 3)).With(("equation", "...ij->...ji")).Named("a transposition"),
        new("Gemm", X(2, 3), X(3, 2), X(2)),
        new Case("Gemm", X(2, 3), X(3, 2)).Named("without C"),
        new Case("Gemm", X(3, 2), X(3, 2), X(2, 1)).With(("transA", 1L), ("alpha", 0.5f), ("beta", 2f)).Named("A'"),
        new Case("Gemm", X(2, 3), X(2, 3), X()).With(("transB", 1L), ("alpha", 0.5f)).Named("B'"),
        new Case("Gemm", X(3, 2), X(2, 3), X(2, 2)).With(("transA", 1L), ("transB", 1L)).Named("A'B'").At(11) with
        {
            NeedsShapes = "is unknown",
        },
    ];
}
