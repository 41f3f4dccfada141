using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Heads;

/// <summary>
/// Finds the logits of a head that is a probability: walks back through operators that only move elements to the
/// sigmoids (or softmax) they start from, and repeats the movements on what stands before those. Clipping a probability
/// clips its log-odds, and 1 − p has the log-odds of p with the sign turned.
/// </summary>
internal static class LogitHead
{
    private static readonly HashSet<string> Movement =
    [
        "Identity",
        "Squeeze",
        "Unsqueeze",
        "Reshape",
        "Flatten",
        "Transpose",
        "Slice",
        "Gather",
        "Concat",
        "Cast",
    ];

    /// <summary>A value of the head's shape that holds log-odds, or null where the head is no probability.</summary>
    public static string? Of(Emitter emit, ShapeTable shapes, string value)
    {
        if (emit.Graph.Producer(value) is not { } node || !OnnxModel.IsStandard(node.Domain))
            return null;
        return node.OpType switch
        {
            "Sigmoid" => node.Input[0],
            "Softmax" => FromSoftmax(emit, shapes, node),
            "Clip" => Clipped(emit, shapes, node),
            "Sub" when IsOne(emit.Graph, node.Input[0]) => Of(emit, shapes, node.Input[1]) is { } logits
                ? emit.Neg(logits)
                : null,
            "Reciprocal" => WrittenOut(emit.Graph, node.Input[0]),
            "Div" when IsOne(emit.Graph, node.Input[0]) => WrittenOut(emit.Graph, node.Input[1]),
            _ when Movement.Contains(node.OpType) => Repeat(emit, shapes, node),
            _ => null,
        };
    }

    // clip(p, low, high) has the log-odds clip(z, logit low, logit high); a bound outside (0, 1) never acts.
    private static string? Clipped(Emitter emit, ShapeTable shapes, NodeProto clip)
    {
        if (Bound(emit.Graph, clip, 1, "min", 0) is not { } low || Bound(emit.Graph, clip, 2, "max", 1) is not { } high)
            return null;
        if (low >= 1 || high <= 0 || Of(emit, shapes, clip.Input[0]) is not { } logits)
            return null;
        if (low > 0)
            logits = emit.Node("Max", [logits, emit.Scalar(Math.Log(low / (1 - low)))]);
        if (high < 1)
            logits = emit.Node("Min", [logits, emit.Scalar(Math.Log(high / (1 - high)))]);
        return logits;
    }

    private static double? Bound(Graph graph, NodeProto clip, int index, string attribute, double open)
    {
        var value = clip.InputAt(index);
        if (value.Length == 0)
            return clip.Attribute(attribute)?.F ?? open;
        return graph.Constant(value) is { Count: 1 } constant ? constant.ToDoubles()[0] : null;
    }

    // 1 / (1 + exp(−z)), given the denominator.
    private static string? WrittenOut(Graph graph, string denominator)
    {
        if (graph.Producer(denominator) is not { OpType: "Add" } sum)
            return null;
        var exponential =
            IsOne(graph, sum.Input[0]) ? sum.Input[1]
            : IsOne(graph, sum.Input[1]) ? sum.Input[0]
            : null;
        return
            exponential is not null
            && graph.Producer(exponential) is { OpType: "Exp" } exp
            && graph.Producer(exp.Input[0]) is { OpType: "Neg" } negated
            ? negated.Input[0]
            : null;
    }

    private static bool IsOne(Graph graph, string value) =>
        graph.Constant(value) is { Count: 1, Dims.Length: <= 1 } constant && constant.ToDoubles()[0] == 1;

    private static string? Repeat(Emitter emit, ShapeTable shapes, NodeProto node)
    {
        var copy = node.Clone();
        var moved = node.OpType == "Concat" ? node.Input.Count : 1;
        for (var i = 0; i < moved; i++)
        {
            if (Of(emit, shapes, node.Input[i]) is not { } logits)
                return null;
            copy.Input[i] = logits;
        }
        copy.Output[0] = emit.Graph.FreshName("head/" + node.OpType);
        copy.Name = copy.Output[0];
        emit.Graph.Add(copy);
        return copy.Output[0];
    }

    // The difference of the two inputs for two classes; log p − log(1 − p) for more, where 1 − p loses digits near p = 1.
    private static string FromSoftmax(Emitter emit, ShapeTable shapes, NodeProto softmax)
    {
        var input = softmax.Input[0];
        var axis = softmax.Int("axis", emit.Opset >= OperatorForms.SoftmaxAlongAxisSince ? -1 : 1);
        if (shapes.TryGet(input) is { } shape && shape.Dims[(int)(axis < 0 ? axis + shape.Rank : axis)].Size is 2)
            return emit.Sub(input, emit.Gather(input, emit.Int64s(1, 0), axis));
        var log = emit.Node("LogSoftmax", [input], ("axis", axis));
        return emit.Sub(log, emit.Node("Log", [emit.Sub(emit.Scalar(1), emit.Node("Exp", [log]))]));
    }
}
