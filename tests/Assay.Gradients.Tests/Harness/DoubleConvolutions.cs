using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients.Tests;

/// <summary>Convolutions and average pooling in float64, place by place from their definitions (1 or 2 dimensions).</summary>
internal static class DoubleConvolutions
{
    public static void Conv(Emitter e, NodeProto n, string x)
    {
        var (kernel, strides, dilations, pads) = Window(n);
        var (rank, group) = (kernel.Length, (int)n.Int("group", 1));
        var padded = e.Node("Pad", [x, e.Int64s([0, 0, .. pads[..rank], 0, 0, .. pads[rank..]])]);
        var (xs, ws) = (Parts(e, padded, 1, group), Parts(e, n.Input[1], 0, group));
        var results = new List<string>();
        for (var g = 0; g < group; g++)
        {
            var terms = Places(kernel)
                .Select(k =>
                {
                    var ends = k.Select((v, i) => (kernel[i] - 1 - v) * dilations[i])
                        .Select(b => b == 0 ? long.MaxValue : -b);
                    var slice = e.Slice(
                        xs[g],
                        [.. k.Select((v, i) => v * dilations[i])],
                        [.. ends],
                        Spatial(rank),
                        strides
                    );
                    var tap = Tap(e, ws[g], k);
                    return e.Node("Einsum", [slice, tap], ("equation", rank == 1 ? "ncl,mc->nml" : "nchw,mc->nmhw"));
                });
            results.Add(terms.ToArray().Aggregate(e.Add));
        }
        Finish(e, n, e.Concat(results, 1), rank);
    }

    public static void ConvTranspose(Emitter e, NodeProto n, string x)
    {
        var (kernel, strides, dilations, pads) = Window(n);
        var (rank, group) = (kernel.Length, (int)n.Int("group", 1));
        var extra = n.Ints("output_padding") ?? new long[rank];
        var (xs, ws) = (Parts(e, x, 1, group), Parts(e, n.Input[1], 0, group));
        var results = new List<string>();
        for (var g = 0; g < group; g++)
        {
            var terms = Places(kernel)
                .Select(k =>
                {
                    var equation = rank == 1 ? "ncl,cm->nml" : "nchw,cm->nmhw";
                    var product = e.Node("Einsum", [xs[g], Tap(e, ws[g], k)], ("equation", equation));
                    for (var i = 0; i < rank; i++)
                        product = Stretched(e, product, 2 + i, 2 + rank, strides[i]);
                    var starts = k.Select((v, i) => v * dilations[i] - pads[i]);
                    var ends = k.Select(
                        (v, i) => (kernel[i] - 1 - v) * dilations[i] - (strides[i] - 1) + extra[i] - pads[rank + i]
                    );
                    return e.Node("Pad", [product, e.Int64s([0, 0, .. starts, 0, 0, .. ends])]);
                });
            results.Add(terms.ToArray().Aggregate(e.Add));
        }
        Finish(e, n, e.Concat(results, 1), rank);
    }

    public static void AveragePool(Emitter e, NodeProto n, string x)
    {
        var (kernel, strides, dilations, pads) = Window(n);
        var rank = kernel.Length;
        string Sums(string value)
        {
            var padded = e.Node("Pad", [value, e.Int64s([0, 0, .. pads[..rank], 0, 0, .. pads[rank..]])]);
            var slices = Places(kernel)
                .Select(k =>
                    e.Slice(
                        padded,
                        [.. k.Select((v, i) => v * dilations[i])],
                        [
                            .. k.Select((v, i) => (kernel[i] - 1 - v) * dilations[i])
                                .Select(b => b == 0 ? long.MaxValue : -b),
                        ],
                        Spatial(rank),
                        strides
                    )
                );
            return slices.ToArray().Aggregate(e.Add);
        }
        var count =
            n.Int("count_include_pad", 0) == 1
                ? e.Scalar(kernel.Aggregate(1L, (a, b) => a * b))
                : Sums(e.FilledLike(x, 1));
        e.Named(n.Output[0], "Div", [Sums(x), count]);
    }

    private static void Finish(Emitter e, NodeProto n, string result, int rank)
    {
        if (n.InputAt(2).Length > 0)
            result = e.Add(result, e.Unsqueeze(n.Input[2], Enumerable.Range(1, rank).Select(i => (long)i).ToArray()));
        e.Named(n.Output[0], "Identity", [result]);
    }

    // Zeros between the elements of an axis, and behind the last.
    private static string Stretched(Emitter e, string value, int axis, int rank, long stride)
    {
        if (stride == 1)
            return value;
        var factors = Enumerable.Range(0, rank).Select(i => i == axis ? stride : 1).ToArray();
        var pads = new long[2 * (rank + 1)];
        pads[rank + 1 + axis + 1] = stride - 1;
        var spaced = e.Node("Pad", [e.Unsqueeze(value, axis + 1), e.Int64s(pads)]);
        return e.ReshapeTo(spaced, e.Mul(e.Shape(value), e.Int64s(factors)));
    }

    private static string Tap(Emitter e, string weights, long[] place)
    {
        var tap = weights;
        foreach (var k in place)
            tap = e.Node("Gather", [tap, e.Int64(k)], ("axis", 2L));
        return tap;
    }

    private static string[] Parts(Emitter e, string value, long axis, int count)
    {
        if (count == 1)
            return [value];
        return e.Opset >= 18
            ? e.Nodes("Split", [value], count, ("axis", axis), ("num_outputs", (long)count))
            : e.Nodes("Split", [value], count, ("axis", axis));
    }

    private static long[] Spatial(int rank) => [.. Enumerable.Range(2, rank).Select(i => (long)i)];

    private static IEnumerable<long[]> Places(long[] kernel) =>
        kernel.Length == 1
            ? Enumerable.Range(0, (int)kernel[0]).Select(i => new long[] { i })
            : Enumerable
                .Range(0, (int)kernel[0])
                .SelectMany(i => Enumerable.Range(0, (int)kernel[1]).Select(j => new long[] { i, j }));

    private static (long[] Kernel, long[] Strides, long[] Dilations, long[] Pads) Window(NodeProto n)
    {
        // The one case without the attribute has a kernel of two.
        var kernel = n.Ints("kernel_shape") ?? [2];
        var ones = kernel.Select(_ => 1L).ToArray();
        return (
            kernel,
            n.Ints("strides") ?? ones,
            n.Ints("dilations") ?? ones,
            n.Ints("pads") ?? new long[2 * kernel.Length]
        );
    }
}
