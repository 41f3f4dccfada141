using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>The tensor that a Constant node holds, in whichever attribute it is written.</summary>
internal static class ConstantNode
{
    public static TensorData Read(NodeProto node, string? folder)
    {
        var a = node.Attribute.FirstOrDefault(a => a.Name.StartsWith("value", StringComparison.Ordinal));
        return a?.Name switch
        {
            "value" when a.T is not null => TensorReader.Read(a.T, folder),
            "value_float" => TensorData.Scalar(a.F),
            "value_int" => TensorData.Scalar(a.I),
            "value_string" => TensorData.Scalar(a.S.ToStringUtf8()),
            "value_floats" => TensorData.From(a.Floats.ToArray(), a.Floats.Count),
            "value_ints" => TensorData.Int64s([.. a.Ints]),
            "value_strings" => TensorData.From(a.Strings.Select(s => s.ToStringUtf8()).ToArray(), a.Strings.Count),
            _ => throw AssayException.Input($"{node.Describe()} holds no dense value."),
        };
    }
}
