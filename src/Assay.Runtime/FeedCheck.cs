using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>Compares what a caller feeds with what the model declares, before ONNX Runtime sees it.</summary>
internal static class FeedCheck
{
    /// <summary>Throws an input error that names the input, what it expects and what it was given.</summary>
    public static void Require(
        IReadOnlyDictionary<string, ValueInfoProto> declared,
        IReadOnlyDictionary<string, TensorData> feeds
    )
    {
        foreach (var (name, info) in declared)
            if (!feeds.TryGetValue(name, out var tensor))
                throw AssayException.Input($"Input '{name}' is not fed; it expects {Expected(info)}.");
            else
                Require(info, tensor);
        if (feeds.Count == declared.Count)
            return;
        var extra = feeds.Keys.First(k => !declared.ContainsKey(k));
        throw AssayException.Input(
            $"The model has no input '{extra}'; its inputs are {string.Join(", ", declared.Keys.Select(k => $"'{k}'"))}."
        );
    }

    private static void Require(ValueInfoProto info, TensorData tensor)
    {
        if (info.Type?.TensorType is not { } declared)
            throw AssayException.Input($"Input '{info.Name}' is no tensor; only tensors can be fed.");
        if (declared.ElemType != (int)tensor.Type || !Fits(info.Shape(), tensor.Dims))
            throw AssayException.Input($"Input '{info.Name}' expects {Expected(info)}, but was given {Given(tensor)}.");
    }

    private static bool Fits(long?[]? shape, long[] dims)
    {
        if (shape is null)
            return true;
        if (shape.Length != dims.Length)
            return false;
        for (var i = 0; i < dims.Length; i++)
            if (shape[i] is { } size && size != dims[i])
                return false;
        return true;
    }

    private static string Expected(ValueInfoProto info) =>
        $"{ElementTypes.Name(info.ElementType())} {info.ShapeText()}";

    private static string Given(TensorData tensor) =>
        $"{ElementTypes.Name(tensor.Type)} [{string.Join(", ", tensor.Dims)}]";
}
