using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>The sliding window of a convolution or pooling: kernel, strides, dilations, padding per spatial dimension.</summary>
internal sealed record Window(long[] Kernel, long[] Strides, long[] Dilations, long[] Pads)
{
    /// <summary>Number of spatial dimensions.</summary>
    public int Rank => Kernel.Length;

    /// <summary>The attributes of a node with this window.</summary>
    public (string, object)[] Attributes =>
        [("kernel_shape", Kernel), ("strides", Strides), ("dilations", Dilations), ("pads", Pads)];

    /// <summary>The window of a node; <paramref name="weights"/> is the operand whose shape tells the kernel's.</summary>
    public static Window Of(RuleContext c, string? weights)
    {
        var n = c.Node;
        var kernel =
            n.Ints("kernel_shape")
            ?? (weights is null ? null : c.StaticDims(weights)?[2..])
            ?? throw c.Unsupported("the size of its kernel must be known");
        var ones = kernel.Select(_ => 1L).ToArray();
        if (n.Int("ceil_mode", 0) != 0)
            throw c.Unsupported("ceil_mode has no rule");
        var window = new Window(
            kernel,
            n.Ints("strides") ?? ones,
            n.Ints("dilations") ?? ones,
            n.Ints("pads") ?? new long[2 * kernel.Length]
        );
        return n.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => window,
            "VALID" => window with { Pads = new long[2 * kernel.Length] },
            var same when n.OpType != "ConvTranspose" => window with { Pads = Same(c, window, same == "SAME_UPPER") },
            var other => throw c.Unsupported($"auto_pad '{other}' has no rule"),
        };
    }

    // As many outputs as ⌈size / stride⌉; an odd padding has its larger half at the end (upper) or the start.
    private static long[] Same(RuleContext c, Window w, bool upper)
    {
        var pads = new long[2 * w.Rank];
        for (var i = 0; i < w.Rank; i++)
        {
            var size = c.Size(c.X, i + 2) ?? throw c.Unsupported("with auto_pad its spatial sizes must be known");
            var covered = ((size + w.Strides[i] - 1) / w.Strides[i] - 1) * w.Strides[i];
            var total = Math.Max(0, covered + (w.Kernel[i] - 1) * w.Dilations[i] + 1 - size);
            (pads[i], pads[w.Rank + i]) = upper ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
        }
        return pads;
    }

    /// <summary>Padding of a value [N, C, …] in its spatial dimensions.</summary>
    public string Padded(Emitter e, string value, double? filling = null)
    {
        if (Pads.All(p => p == 0))
            return value;
        var pads = e.Int64s([0, 0, .. Pads[..Rank], 0, 0, .. Pads[Rank..]]);
        return filling is { } f ? e.Node("Pad", [value, pads, e.Scalar(f)]) : e.Node("Pad", [value, pads]);
    }

    /// <summary>
    /// For each position of the kernel, in row-major order, what of a padded value stands under it at every step.
    /// </summary>
    public IEnumerable<string> Taps(Emitter e, string padded)
    {
        var count = Kernel.Aggregate(1L, (a, b) => a * b);
        var axes = Enumerable.Range(2, Rank).Select(a => (long)a).ToArray();
        for (var tap = 0L; tap < count; tap++)
        {
            var (starts, ends, rest) = (new long[Rank], new long[Rank], tap);
            for (var i = Rank - 1; i >= 0; i--)
            {
                var k = rest % Kernel[i];
                rest /= Kernel[i];
                starts[i] = k * Dilations[i];
                var behind = (Kernel[i] - 1 - k) * Dilations[i];
                ends[i] = behind == 0 ? long.MaxValue : -behind;
            }
            yield return e.Slice(padded, starts, ends, axes, Strides);
        }
    }
}
