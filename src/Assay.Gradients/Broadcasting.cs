using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// Undoes broadcasting: sums a gradient over the dimensions along which an input was repeated. Constant axes where
/// shapes are known, axes computed by the graph where they are not.
/// </summary>
internal static class Broadcasting
{
    /// <summary>
    /// The gradient, which has the shape <paramref name="to"/>, summed to <paramref name="from"/>, the shape of
    /// <paramref name="input"/>.
    /// </summary>
    public static string SumTo(RuleContext c, string gradient, string input, ValueShape? from, ValueShape? to)
    {
        if (from is null || to is null)
            return SumDynamically(c, gradient, input);
        var lead = to.Dims.Length - from.Dims.Length;
        var axes = new List<long>(Enumerable.Range(0, lead).Select(i => (long)i));
        for (var i = 0; i < from.Dims.Length; i++)
        {
            var (small, large) = (from.Dims[i], to.Dims[lead + i]);
            // A dimension of size one may still stand against a one; only equality of both is certain.
            if (small == large && !small.IsUnknown)
                continue;
            if (small.Size is 1)
                axes.Add(lead + i);
            else if (small.Size is null)
                return SumDynamically(c, gradient, input);
        }
        if (axes.Count == 0)
            return gradient;
        var emit = c.Emit;
        var summed = emit.ReduceSum(gradient, [.. axes], keepDims: true);
        return lead == 0 ? summed : emit.Squeeze(summed, [.. Enumerable.Range(0, lead).Select(i => (long)i)]);
    }

    // Axes at which the input's shape, padded with ones in front, differs from the gradient's.
    private static string SumDynamically(RuleContext c, string gradient, string input)
    {
        var emit = c.Emit;
        if (emit.Opset < OperatorForms.AxesAsInputSince("ReduceSum"))
            throw c.Unsupported(
                $"how '{input}' was broadcast is unknown, and opset {emit.Opset} cannot sum over computed axes; export with opset 13 or later"
            );
        var wide = emit.Shape(gradient);
        var narrow = emit.Shape(input);
        var missing = emit.Sub(emit.Shape(wide), emit.Shape(narrow));
        var ones = emit.Node("ConstantOfShape", [missing], ("value", TensorData.Int64s(1)));
        var padded = emit.Concat([ones, narrow], 0);
        var differs = emit.Node("Not", [emit.Node("Equal", [padded, wide])]);
        var axes = emit.Reshape(emit.Node("NonZero", [differs]), -1);
        var summed = emit.Node("ReduceSum", [gradient, axes], ("keepdims", 1L), ("noop_with_empty_axes", 1L));
        return emit.ReshapeTo(summed, narrow);
    }
}
