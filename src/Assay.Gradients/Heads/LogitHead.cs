using Assay.Onnx;
using Assay.Onnx.Wire;

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
    public static string? Of(Emitter emit, string value)
    {
        if (emit.Graph.Producer(value) is not { } node || !OnnxModel.IsStandard(node.Domain))
            return null;
        return node.OpType switch
        {
            "Sigmoid" => node.Input[0],
            "Softmax" => FromSoftmax(emit, node),
            _ when Movement.Contains(node.OpType) => Repeat(emit, node),
            _ => null,
        };
    }

    private static string? Repeat(Emitter emit, NodeProto node)
    {
        var copy = node.Clone();
        var moved = node.OpType == "Concat" ? node.Input.Count : 1;
        for (var i = 0; i < moved; i++)
        {
            if (Of(emit, node.Input[i]) is not { } logits)
                return null;
            copy.Input[i] = logits;
        }
        copy.Output[0] = emit.Graph.FreshName("head/" + node.OpType);
        copy.Name = copy.Output[0];
        emit.Graph.Add(copy);
        return copy.Output[0];
    }

    // log p − log(1 − p), which for two classes is the difference of the two inputs.
    private static string FromSoftmax(Emitter emit, NodeProto softmax)
    {
        var axis = softmax.Int("axis", emit.Opset >= OperatorForms.SoftmaxAlongAxisSince ? -1 : 1);
        var log = emit.Node("LogSoftmax", [softmax.Input[0]], ("axis", axis));
        var complement = emit.Sub(emit.Scalar(1), emit.Node("Exp", [log]));
        return emit.Sub(log, emit.Node("Log", [complement]));
    }
}
