using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Preparation;

/// <summary>Sums and means over bags of unequal length, without a loop: every looked-up row is added to that of its bag.</summary>
internal static class RaggedSums
{
    /// <summary>
    /// Adds Σ or mean over bag b of table[ids] (weighted where weights are given) as <paramref name="output"/>, [bags,
    /// width]. <c>Starts</c>, ascending, has an element more than there are bags: where the last one ends.
    /// </summary>
    public static void Emit(
        Emitter e,
        (string Table, string Ids, string? Weights, string Starts) bag,
        bool mean,
        string output
    )
    {
        var looked = e.Gather(bag.Table, bag.Ids);
        if (bag.Weights is { } weights)
            looked = e.Mul(looked, e.Unsqueeze(weights, 1));
        var starts = e.Cast(bag.Starts, DataType.Int64);
        var one = e.Int64s(1);
        // A row more in front for what lies before the first bag, and one behind for what lies after the last.
        var rows = e.Add(e.Shape(starts), one);
        var width = e.Slice(e.Shape(bag.Table), [1], [long.MaxValue], [0]);
        var zeros = Filled(e, e.Concat([rows, width], 0), TensorData.From([0.0], 1).Cast(e.FloatType));
        var numbers = e.Unsqueeze(Numbers(e, bag.Ids, starts), 1);
        var sums = e.Node("ScatterND", [zeros, numbers, looked], ("reduction", "add"));
        if (!mean)
        {
            e.Named(output, "Slice", [sums, one, e.Int64s(-1), e.Int64s(0)]);
            return;
        }
        var lengths = e.Sub(e.Slice(starts, [1], [long.MaxValue], [0]), e.Slice(starts, [0], [-1], [0]));
        var counts = e.Unsqueeze(e.Cast(lengths, e.FloatType), 1);
        e.Named(output, "Div", [e.Slice(sums, [1], [-1], [0]), counts]);
    }

    // For each id how many starts lie at or before it: 1 in the first bag, 2 in the second, ….
    private static string Numbers(Emitter e, string ids, string starts)
    {
        var count = e.Shape(ids);
        var marks = Filled(e, e.Add(count, e.Int64s(1)), TensorData.Int64s(0));
        var each = Filled(e, e.Shape(starts), TensorData.Int64s(1));
        var at = e.Node("Min", [starts, count]);
        var marked = e.Node("ScatterElements", [marks, at, each], ("axis", 0L), ("reduction", "add"));
        return e.Slice(e.Node("CumSum", [marked, e.Int64(0)]), [0], [-1], [0]);
    }

    private static string Filled(Emitter e, string shape, TensorData value) =>
        e.Node("ConstantOfShape", [shape], ("value", value));
}
