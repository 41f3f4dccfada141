using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Heads;

/// <summary>
/// Finds the logits of a head that is a probability: walks back through operators that only move elements to the
/// sigmoids (or softmax) they start from, and repeats the movements on what stands before those.
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
            _ when Movement.Contains(node.OpType) => Repeat(emit, shapes, node),
            _ => null,
        };
    }

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
