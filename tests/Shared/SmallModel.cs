using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Tests;

/// <summary>Builds a small model line by line.</summary>
internal sealed class SmallModel
{
    public SmallModel(int opset = 17, int ir = 8)
    {
        Proto = new ModelProto
        {
            IrVersion = ir,
            Graph = new GraphProto { Name = "g" },
        };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Proto { get; }

    public SmallModel Input(string name, DataType type, params object?[] dims)
    {
        Proto.Graph.Input.Add(ValueInfos.Tensor(name, type, dims));
        return this;
    }

    public SmallModel Output(string name, DataType type, params object?[] dims)
    {
        Proto.Graph.Output.Add(ValueInfos.Tensor(name, type, dims));
        return this;
    }

    public SmallModel Tensor(string name, TensorData tensor)
    {
        Proto.Graph.Initializer.Add(tensor.ToProto(name));
        return this;
    }

    /// <summary>A node "Op in1 in2 -> out1 out2"; "_" is a left-out input.</summary>
    public SmallModel Node(string text, params (string Name, object Value)[] attributes)
    {
        Proto.Graph.Node.Add(NodeOf(text, attributes));
        return this;
    }

    public static NodeProto NodeOf(string text, params (string Name, object Value)[] attributes)
    {
        var sides = text.Split("->", StringSplitOptions.TrimEntries);
        var left = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var node = new NodeProto { OpType = left[0], Name = "n_" + sides[1].Split(' ')[0] };
        node.Input.AddRange(left.Skip(1).Select(i => i == "_" ? "" : i));
        node.Output.AddRange(sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        return node;
    }

    /// <summary>The model, read and verified from its bytes.</summary>
    public OnnxModel Load() => OnnxModel.Load(Google.Protobuf.MessageExtensions.ToByteArray(Proto));
}
