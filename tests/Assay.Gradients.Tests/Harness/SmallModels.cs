using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

internal static class SmallModels
{
    /// <summary>An output whose type and shape are inferred.</summary>
    public static SmallModel Returns(this SmallModel small, string name)
    {
        small.Proto.Graph.Output.Add(new ValueInfoProto { Name = name });
        return small;
    }

    /// <summary>A cast to int64.</summary>
    public static SmallModel Cast(this SmallModel small, string from, string to) =>
        small.Node($"Cast {from} -> {to}", ("to", (long)DataType.Int64));
}
