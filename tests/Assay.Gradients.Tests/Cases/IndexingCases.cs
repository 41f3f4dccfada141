using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class IndexingCases
{
    private static readonly TensorData Pairs = TensorData.From([0L, 1, 2, 1, 0, 1], 3, 2);

    public static readonly Case[] Rows =
    [
        new("Gather", X(4, 2), Fed(TensorData.From([3L, 0, 3, -1], 2, 2))),
        new Case("Gather", X(4, 2), Constant(1L, 3, 1)).Named("constant ids"),
        new Case("Gather", X(4, 2), Constant(TensorData.Scalar(-2L))).Named("one row"),
        new Case("Gather", X(4), Fed(TensorData.From([3, 0, 3], 3))).Named("int32 ids"),
        new Case("Gather", X(4, 2), Constant(3L, 1)).At(11).Named("distinct rows"),
        new Case("Gather", X(2, 4), Constant(1L, 2)).With(("axis", 1L)).Named("adjoining columns") with
        {
            NeedsShapes = "must be known",
        },
        new Case("Gather", X(2, 4), Constant(TensorData.Scalar(-1L))).With(("axis", -1L)).Named("a column") with
        {
            NeedsShapes = "must be known",
        },
        new Case("Gather", X(2, 4, 2), Constant(2L, 0, 2)).With(("axis", 1L)).Named("columns") with
        {
            NeedsShapes = "must be known",
        },
        new Case("Gather", X(2, 3, 4), Fed(TensorData.From([1L, -1, 0, 1], 2, 2)))
            .With(("axis", 2L))
            .Named("a grid of columns") with
        {
            NeedsShapes = "must be known",
        },
        new Case("GatherElements", X(3, 2), Fed(TensorData.From([0L, 1, 2, 0, 0, -1], 3, 2))),
        new Case("GatherElements", X(2, 3), Fed(TensorData.From([0L, 0, 2, -1], 2, 2)))
            .With(("axis", 1L))
            .Named("axis"),
        new("GatherND", X(3, 2), Fed(Pairs)),
        new Case("GatherND", X(3, 2, 2), Fed(Pairs)).Named("slices"),
        new Case("GatherND", X(2, 3, 2), Fed(TensorData.From([0L, 2], 2, 1)))
            .With(("batch_dims", 1L))
            .Named("one of each row") with
        {
            NeedsShapes = "must be known",
        },
        new Case("GatherND", X(2, 2, 3), Fed(TensorData.From([0L, 2, 2, 1, 1, 1, 0, -1], 2, 2, 2, 1)))
            .With(("batch_dims", 2L))
            .Named("two of each element") with
        {
            NeedsShapes = "must be known",
        },
        new("Slice", X(4, 3), Constant(1L), Constant(3L)),
        new Case("Slice", X(4, 3), Constant(-2L, 0), Constant(long.MaxValue, -1), Constant(-1L, 0)).Named("axes"),
        new Case("Slice", X(5, 3), Constant(0L), Constant(5L), Constant(0L), Constant(2L)).Named("steps"),
        new Case("Slice", X(5), Constant(-1L), Constant(long.MinValue), Constant(0L), Constant(-1L)).Named("reversed"),
        new Case("Slice", X(4, 3), Fed(1L), Fed(3L), Constant(1L)).Named("computed bounds"),
        new Case("Slice", X(4, 3), Constant(1L), Constant(3L)).At(11),
        new("TopK", X(2, 4), Constant(2L)) { Outputs = 2 },
        new Case("TopK", X(4, 2), Constant(3L)).With(("axis", 0L), ("largest", 0L)).Named("smallest") with
        {
            Outputs = 2,
        },
        new Case("ScatterElements", X(3, 2), Fed(TensorData.From([2L, 0], 1, 2)), X(1, 2)),
        new Case("ScatterElements", X(2, 3), Fed(TensorData.From([2L, 2, 0, 1], 2, 2)), X(2, 2))
            .With(("axis", 1L), ("reduction", "add"))
            .Named("adding"),
        new("ScatterND", X(3, 2), Fed(TensorData.From([2L, 0], 2, 1)), X(2, 2)),
        new Case("ScatterND", X(3, 2), Fed(TensorData.From([2L, 2], 2, 1)), X(2, 2))
            .With(("reduction", "add"))
            .Named("adding"),
    ];
}
