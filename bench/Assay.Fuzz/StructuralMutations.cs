using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using Google.Protobuf;
using AttributeType = Assay.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace Assay.Fuzz;

/// <summary>Damage to a model's structure: the file parses, what it says is wrong or absurd.</summary>
internal static class StructuralMutations
{
    private static readonly long[] Sizes =
    [
        0,
        1,
        2,
        3,
        5,
        7,
        8,
        64,
        -1,
        -2,
        1_000,
        100_000,
        50_000_000,
        500_000_000,
        int.MaxValue,
        1L << 32,
        1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Operators =
    [
        "Add",
        "Mul",
        "Div",
        "Relu",
        "Sigmoid",
        "Softmax",
        "MatMul",
        "Gemm",
        "Gather",
        "GatherElements",
        "GatherND",
        "Reshape",
        "Expand",
        "Tile",
        "Range",
        "ConstantOfShape",
        "Shape",
        "Size",
        "NonZero",
        "Where",
        "Concat",
        "Split",
        "Slice",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Pad",
        "ReduceSum",
        "ReduceMax",
        "ReduceProd",
        "TopK",
        "CumSum",
        "Einsum",
        "Pow",
        "Sqrt",
        "Log",
        "Erf",
        "LayerNormalization",
        "BatchNormalization",
        "OneHot",
        "Loop",
        "If",
        "Scan",
        "GRU",
        "LSTM",
        "Dropout",
        "Cast",
        "Identity",
        "Trilu",
        "Clip",
        "Conv",
        "Resize",
        "ScatterND",
        "Unique",
        "RandomNormal",
        "SequenceAt",
        "Nonsense",
        "",
    ];

    private delegate void Mutation(ModelProto model, CounterRandom random);

    private static readonly Mutation[] All =
    [
        DropNode,
        DuplicateNode,
        RenameValue,
        ChangeAttribute,
        ChangeAttribute,
        ChangeOperator,
        ChangeOperator,
        ChangeInputDim,
        ChangeInputDim,
        ChangeInputType,
        Rewire,
        Rewire,
        Rewire,
        ResizeInitialiser,
        RetypeInitialiser,
        ChangeInitialiserValue,
        ChangeInitialiserValue,
        ChangeInitialiserValue,
        Nest,
        LongName,
        DropInitialiser,
        ChangeOpset,
        DuplicateOutput,
        DropOperand,
        AddHuge,
        Wrap,
        SwapNodes,
        AddFunction,
    ];

    /// <summary>The bytes of the model after one to four changes; the bytes as given if they are no model.</summary>
    public static byte[] Apply(byte[] bytes, CounterRandom random)
    {
        var model = ModelProto.Parser.ParseFrom(bytes);
        for (var n = 1 + random.NextInt(random.NextInt(4) + 1); n > 0; n--)
            All[random.NextInt(All.Length)](model, random);
        return model.ToByteArray();
    }

    private static T? Pick<T>(IList<T> list, CounterRandom random)
        where T : class => list.Count == 0 ? null : list[random.NextInt(list.Count)];

    private static long Size(CounterRandom random) => Sizes[random.NextInt(Sizes.Length)];

    private static GraphProto Graph(ModelProto model, CounterRandom random)
    {
        var graph = model.Graph;
        while (random.NextBool(0.5) && graph.Node.SelectMany(n => n.Subgraphs()).ToArray() is { Length: > 0 } inner)
            graph = inner[random.NextInt(inner.Length)];
        return graph;
    }

    private static NodeProto? Node(ModelProto model, CounterRandom random) => Pick(Graph(model, random).Node, random);

    private static string Value(ModelProto model, CounterRandom random)
    {
        var graph = model.Graph;
        string[] names =
        [
            .. graph.Node.SelectMany(n => n.Output),
            .. graph.Input.Select(i => i.Name),
            .. graph.Initializer.Select(t => t.Name),
            "",
        ];
        return names[random.NextInt(names.Length)];
    }

    private static void DropNode(ModelProto model, CounterRandom random)
    {
        var graph = Graph(model, random);
        if (graph.Node.Count > 0)
            graph.Node.RemoveAt(random.NextInt(graph.Node.Count));
    }

    private static void DuplicateNode(ModelProto model, CounterRandom random)
    {
        var graph = Graph(model, random);
        if (Pick(graph.Node, random)?.Clone() is not { } copy)
            return;
        if (random.NextBool(0.5))
            for (var i = 0; i < copy.Output.Count; i++)
                copy.Output[i] += "_copy";
        graph.Node.Insert(random.NextInt(graph.Node.Count + 1), copy);
    }

    private static void RenameValue(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is { Output.Count: > 0 } node)
            node.Output[random.NextInt(node.Output.Count)] = random.NextBool(0.3) ? "" : Value(model, random);
    }

    private static void ChangeAttribute(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        if (Pick(node.Attribute, random) is not { } attribute)
        {
            string[] names = ["axis", "axes", "keepdims", "to", "perm", "value", "alpha", "equation", "transA"];
            node.Set(
                names[random.NextInt(names.Length)],
                random.NextBool(0.5) ? Size(random) : (object)new[] { Size(random), 1 }
            );
            return;
        }
        switch (random.NextInt(8))
        {
            case 0:
                node.Attribute.Remove(attribute);
                break;
            case 1:
                attribute.Type = (AttributeType)random.NextInt(16);
                break;
            case 2:
                attribute.F = random.NextBool(0.5) ? float.NaN : 1e30f;
                break;
            case 3:
                attribute.Ints.Add(Size(random));
                break;
            case 4:
                attribute.S = ByteString.CopyFromUtf8(new string('i', random.NextInt(100)) + ",->...j\0\uFFFD");
                break;
            case 5:
                attribute.Name = "axis";
                break;
            case 6 when attribute.T is { } tensor:
                Damage(tensor, random);
                break;
            default:
                attribute.I = Size(random);
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.NextInt(attribute.Ints.Count)] = Size(random);
                break;
        }
    }

    private static void ChangeOperator(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        node.OpType = Operators[random.NextInt(Operators.Length)];
        if (random.NextBool(0.1))
            node.Domain = random.NextBool(0.5) ? "ai.onnx.ml" : "com.microsoft";
    }

    private static void ChangeInputDim(ModelProto model, CounterRandom random)
    {
        var infos = model.Graph.Input.Concat(model.Graph.Output).ToArray();
        if (Pick(infos, random)?.Type?.TensorType?.Shape is not { } shape)
            return;
        var dim = new TensorShapeProto.Types.Dimension { DimValue = Size(random) };
        if (random.NextBool(0.2))
            dim = new() { DimParam = random.NextBool(0.5) ? "batch" : "other" };
        if (shape.Dim.Count == 0 || random.NextBool(0.2))
            shape.Dim.Add(dim);
        else if (random.NextBool(0.1))
            shape.Dim.RemoveAt(random.NextInt(shape.Dim.Count));
        else
            shape.Dim[random.NextInt(shape.Dim.Count)] = dim;
    }

    private static void ChangeInputType(ModelProto model, CounterRandom random)
    {
        var infos = model.Graph.Input.Concat(model.Graph.Output).ToArray();
        if (Pick(infos, random) is not { } info)
            return;
        if (random.NextBool(0.1))
            info.Type = random.NextBool(0.5) ? null : new TypeProto { SequenceType = new() { ElemType = info.Type } };
        else if (info.Type?.TensorType is { } tensor)
            tensor.ElemType = random.NextInt(24) - 1;
    }

    private static void Rewire(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is { Input.Count: > 0 } node)
            node.Input[random.NextInt(node.Input.Count)] = Value(model, random);
    }

    private static void ResizeInitialiser(ModelProto model, CounterRandom random)
    {
        if (Pick(Graph(model, random).Initializer, random) is { } tensor)
            Damage(tensor, random);
    }

    private static void Damage(TensorProto tensor, CounterRandom random)
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

    private static void RetypeInitialiser(ModelProto model, CounterRandom random)
    {
        if (Pick(Graph(model, random).Initializer, random) is not { } tensor)
            return;
        tensor.DataType = random.NextInt(25) - 1;
        if (random.NextBool(0.1))
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
    }

    // Integers steer shapes: huge ones are what asks for memory.
    private static void ChangeInitialiserValue(ModelProto model, CounterRandom random)
    {
        var tensors = Graph(model, random).Initializer.Where(t => t.RawData.Length >= 4).ToArray();
        if (Pick(tensors, random) is not { } tensor)
            return;
        var bytes = tensor.RawData.ToByteArray();
        if (tensor.DataType == 7)
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * random.NextInt(bytes.Length / 8)), Size(random));
        else
            BitConverter.TryWriteBytes(
                bytes.AsSpan(4 * random.NextInt(bytes.Length / 4)),
                random.NextBool(0.5) ? float.NaN : (float)Size(random)
            );
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private static void Nest(ModelProto model, CounterRandom random)
    {
        // Nesting what is nested makes files of gigabytes.
        if (Pick(model.Graph.Node, random) is not { } node || model.CalculateSize() > 1 << 16)
            return;
        var inner = new GraphProto { Name = "nested" };
        inner.Node.Add(node.Clone());
        inner.Output.AddRange(node.Output.Select(o => new ValueInfoProto { Name = o }));
        for (var depth = 1 + random.NextInt(60); depth > 0; depth--)
        {
            var outer = new GraphProto { Name = "nested" };
            var branch = new NodeProto { OpType = random.NextBool(0.9) ? "If" : "Loop" };
            branch.Input.Add(Value(model, random));
            branch.Output.AddRange(node.Output);
            branch.Set("then_branch", inner);
            branch.Set(
                random.NextBool(0.5) ? "else_branch" : "body",
                random.NextBool(0.3) ? inner.Clone() : new GraphProto()
            );
            outer.Node.Add(branch);
            outer.Output.AddRange(inner.Output);
            // Doubling at each level would make files of gigabytes.
            if (outer.CalculateSize() > 1 << 20)
                break;
            inner = outer;
        }
        node.OpType = "If";
        node.Set("then_branch", inner);
        node.Set("else_branch", new GraphProto());
    }

    private static void LongName(ModelProto model, CounterRandom random)
    {
        var name =
            new string((char)('a' + random.NextInt(3)), 1 << random.NextInt(18))
            + (random.NextBool(0.3) ? "\0\n\u001b[31m" : "");
        if (Node(model, random) is not { } node)
            return;
        if (random.NextBool(0.5) || node.Output.Count == 0)
            node.Name = name;
        else
            new OnnxModel(model).Graph.ReplaceUses(node.Output[0], node.Output[0] = name);
    }

    private static void DropInitialiser(ModelProto model, CounterRandom random)
    {
        if (model.Graph.Initializer.Count > 0)
            model.Graph.Initializer.RemoveAt(random.NextInt(model.Graph.Initializer.Count));
    }

    private static void ChangeOpset(ModelProto model, CounterRandom random)
    {
        model.OpsetImport[0].Version = random.NextBool(0.8) ? 7 + random.NextInt(18) : Size(random);
        if (random.NextBool(0.2))
            model.IrVersion = random.NextInt(16);
    }

    private static void DuplicateOutput(ModelProto model, CounterRandom random)
    {
        model.Graph.Output.Add(new ValueInfoProto { Name = Value(model, random) });
        if (random.NextBool(0.5))
            model.Graph.Output.RemoveAt(0);
    }

    private static void DropOperand(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        if (node.Input.Count > 0 && random.NextBool(0.7))
            node.Input.RemoveAt(random.NextInt(node.Input.Count));
        else if (random.NextBool(0.5))
            node.Input.Add(Value(model, random));
        else if (node.Output.Count > 0)
            node.Output.RemoveAt(random.NextInt(node.Output.Count));
    }

    // A constant that is small in the file and gigantic when computed, added to a value.
    private static void AddHuge(ModelProto model, CounterRandom random)
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

    // A chain behind an output: long graphs must not exhaust the stack.
    private static void Wrap(ModelProto model, CounterRandom random)
    {
        if (model.Graph.Output.Count == 0)
            return;
        var last = model.Graph.Output[0].Name;
        string[] operators = ["Identity", "Neg", "Sigmoid", "Exp", "Relu"];
        var op = operators[random.NextInt(operators.Length)];
        for (var n = 1 << random.NextInt(9); n > 0; n--)
        {
            var node = new NodeProto { OpType = op };
            node.Input.Add(last);
            node.Output.Add(last = $"chain{random.NextUInt32()}");
            model.Graph.Node.Add(node);
        }
        model.Graph.Output[0].Name = last;
    }

    private static void SwapNodes(ModelProto model, CounterRandom random)
    {
        var nodes = model.Graph.Node;
        if (nodes.Count < 2)
            return;
        var (a, b) = (random.NextInt(nodes.Count), random.NextInt(nodes.Count));
        (nodes[a], nodes[b]) = (nodes[b], nodes[a]);
    }

    // A node becomes the call of a function; now and then one that calls itself.
    private static void AddFunction(ModelProto model, CounterRandom random)
    {
        if (Pick(model.Graph.Node, random) is not { Output.Count: > 0 } node)
            return;
        var function = new FunctionProto { Name = "F", Domain = "local" };
        function.Input.AddRange(node.Input.Where(i => i.Length > 0).Distinct());
        function.Output.AddRange(node.Output.Where(o => o.Length > 0).Distinct());
        function.OpsetImport.AddRange(model.OpsetImport);
        var inner = node.Clone();
        if (random.NextBool(0.1))
            (inner.OpType, inner.Domain) = ("F", "local");
        function.Node.Add(inner);
        model.Functions.Add(function);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        (node.OpType, node.Domain) = ("F", "local");
        node.Input.Clear();
        node.Input.AddRange(function.Input);
        node.Attribute.Clear();
    }
}
