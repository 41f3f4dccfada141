using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using Google.Protobuf;
using static Assay.Fuzz.Choices;

namespace Assay.Fuzz;

/// <summary>Damage to constants: their shapes, types and values.</summary>
internal static class TensorMutations
{
    public static void ResizeInitialiser(ModelProto model, CounterRandom random)
    {
        if (Pick(Graph(model, random).Initializer, random) is { } tensor)
            Damage(tensor, random);
    }

    public static void Damage(TensorProto tensor, CounterRandom random)
    {
        if (tensor.Dims.Count == 0 || random.NextBool(0.2))
            tensor.Dims.Add(Size(random));
        else
            tensor.Dims[random.NextInt(tensor.Dims.Count)] = Size(random);
        // Half of the time the data follow, if that is possible.
        var count = tensor.Dims.Aggregate(1.0, (p, d) => p * d);
        if (
            count is >= 0 and <= 10_000
            && random.NextBool(0.5)
            && ElementTypes.IsSupported((TensorProto.Types.DataType)tensor.DataType)
            && tensor.DataType != 8
        )
            tensor.RawData = ByteString.CopyFrom(
                new byte[(int)count * ElementTypes.Size((TensorProto.Types.DataType)tensor.DataType)]
            );
    }

    public static void RetypeInitialiser(ModelProto model, CounterRandom random)
    {
        if (Pick(Graph(model, random).Initializer, random) is not { } tensor)
            return;
        tensor.DataType = random.NextInt(25) - 1;
        if (random.NextBool(0.1))
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
    }

    // Integers steer shapes: huge ones are what asks for memory.
    public static void ChangeInitialiserValue(ModelProto model, CounterRandom random)
    {
        var tensors = Graph(model, random).Initializer.Where(t => t.RawData.Length >= 4).ToArray();
        if (Pick(tensors, random) is not { } tensor)
            return;
        var bytes = tensor.RawData.ToByteArray();
        if (tensor.DataType == 7 && bytes.Length >= 8)
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * random.NextInt(bytes.Length / 8)), Size(random));
        else
            BitConverter.TryWriteBytes(
                bytes.AsSpan(4 * random.NextInt(bytes.Length / 4)),
                random.NextBool(0.5) ? float.NaN : (float)Size(random)
            );
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    public static void DropInitialiser(ModelProto model, CounterRandom random)
    {
        if (model.Graph.Initializer.Count > 0)
            model.Graph.Initializer.RemoveAt(random.NextInt(model.Graph.Initializer.Count));
    }

    // A constant that is small in the file and gigantic when computed, added to a value.
    public static void AddHuge(ModelProto model, CounterRandom random)
    {
        if (Pick(model.Graph.Node, random) is not { Output.Count: > 0, Input.Count: > 0 } node)
            return;
        var tag = $"huge{random.NextUInt32()}";
        var dims = new[] { Size(random), Size(random) };
        model.Graph.Initializer.Add(TensorData.Int64s(dims).ToProto(tag + "dims"));
        model.Graph.Initializer.Add(TensorData.From([1f], 1, 1).ToProto(tag + "one"));
        model.Graph.Initializer.Add(TensorData.Scalar(0L).ToProto(tag + "zero"));
        model.Graph.Initializer.Add(TensorData.Scalar(dims[0]).ToProto(tag + "limit"));
        model.Graph.Initializer.Add(TensorData.Scalar(1L).ToProto(tag + "step"));
        var make = new NodeProto { Name = tag };
        (make.OpType, string[] inputs) = random.NextInt(4) switch
        {
            0 => ("ConstantOfShape", new[] { tag + "dims" }),
            1 => ("Expand", [tag + "one", tag + "dims"]),
            2 => ("Tile", [tag + "one", tag + "dims"]),
            _ => ("Range", [tag + "zero", tag + "limit", tag + "step"]),
        };
        make.Input.AddRange(inputs);
        make.Output.Add(tag);
        model.Graph.Node.Insert(0, make);
        var read = node.Input[0];
        node.Input[0] = tag + "sum";
        var add = new NodeProto { OpType = random.NextBool(0.5) ? "Add" : "MatMul", Name = tag + "sum" };
        add.Input.AddRange([read, tag]);
        add.Output.Add(tag + "sum");
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(node), add);
    }
}
