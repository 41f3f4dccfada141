using Assay.Onnx;
using static Assay.Gradients.Tests.Operand;

namespace Assay.Gradients.Tests;

internal static class ConvolutionCases
{
    private static readonly (string, object) Two = ("kernel_shape", new[] { 2L });
    private static readonly (string, object) Three = ("kernel_shape", new[] { 3L });
    private static readonly (string, object) Wide = ("kernel_shape", new[] { 2L, 3 });

    public static readonly Case[] Rows =
    [
        new Case("Conv", X(2, 3, 5), X(4, 3, 2), X(4)).With(Two),
        new Case("Conv", X(2, 3, 5), X(4, 3, 2)).Named("kernel from its shape") with
        {
            NeedsShapes = "kernel must be known",
            NeedsSizes = true,
            Order = 1,
        },
        new Case("Conv", X(1, 4, 8), X(4, 2, 3))
            .With(
                Three,
                ("group", 2L),
                ("strides", new[] { 2L }),
                ("pads", new[] { 1L, 2 }),
                ("dilations", new[] { 2L })
            )
            .Named("groups, strides, pads, dilations"),
        new Case("Conv", X(1, 2, 4, 5), X(2, 1, 2, 3), X(2))
            .With(Wide, ("group", 2L), ("strides", new[] { 1L, 2 }), ("pads", new[] { 1L, 0, 0, 1 }))
            .Named("two dimensions"),
        new Case("ConvTranspose", X(2, 3, 4), X(3, 2, 2), X(2)).With(Two),
        new Case("ConvTranspose", X(1, 4, 3), X(4, 1, 3))
            .With(
                Three,
                ("group", 2L),
                ("strides", new[] { 2L }),
                ("pads", new[] { 1L, 0 }),
                ("output_padding", new[] { 1L })
            )
            .Named("groups, strides, pads"),
        new Case("AveragePool", X(2, 2, 5)).With(Two),
        new Case("AveragePool", X(2, 2, 6))
            .With(Three, ("strides", new[] { 2L }), ("pads", new[] { 1L, 0 }))
            .Named("strides and pads"),
        new Case("AveragePool", X(1, 2, 4, 5))
            .With(Wide, ("pads", new[] { 1L, 1, 0, 0 }), ("count_include_pad", 1L))
            .Named("two dimensions"),
        new Case("MaxPool", X(2, 2, 5)).With(Two),
        new Case("MaxPool", X(2, 2, 6))
            .With(Three, ("strides", new[] { 2L }), ("pads", new[] { 1L, 0 }))
            .Named("strides and pads"),
        new Case("MaxPool", X(1, 2, 4, 5)).With(Wide, ("dilations", new[] { 2L, 1 })).Named("two dimensions"),
        new("GlobalAveragePool", X(2, 3, 4)),
        new("GlobalMaxPool", X(2, 3, 4)),
    ];
}
