using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>
/// Raises a model to a later standard opset, rewriting the operators whose form or meaning changed in between. Source:
/// the operator changelog of the ONNX specification.
/// </summary>
public sealed class OpsetUpgrade
{
    /// <summary>The highest opset that models can be raised to.</summary>
    public const int Maximum = 17;

    private delegate IEnumerable<NodeProto> Rewrite(OpsetUpgrade upgrade, NodeProto node);

    // Operator, the opset that changed it, and what makes the new form of the old one.
    private static readonly (string Operator, int ChangedIn, Rewrite Rewrite)[] Changes =
    [
        ("Scan", 9, Refuse),
        ("Slice", 10, (u, n) => u.AttributesToInputs(n, "starts", "ends", "axes")),
        ("TopK", 10, (u, n) => u.AttributesToInputs(n, "k")),
        ("Upsample", 10, Refuse),
        ("Resize", 11, Refuse),
        ("Clip", 11, (u, n) => u.AttributesToInputs(n, "min", "max")),
        ("Pad", 11, (u, n) => u.AttributesToInputs(n, "pads", "value")),
        ("Scatter", 11, (_, n) => [With(n, () => n.OpType = "ScatterElements")]),
        ("Dropout", 12, (_, n) => [With(n, () => Remove(n, "ratio"))]),
        ("ReduceSum", 13, (u, n) => u.AttributesToInputs(n, "axes")),
        ("Squeeze", 13, (u, n) => u.AttributesToInputs(n, "axes")),
        ("Unsqueeze", 13, (u, n) => u.AttributesToInputs(n, "axes")),
        ("Split", 13, (u, n) => u.AttributesToInputs(n, "split")),
        ("Softmax", 13, (u, n) => u.AlongLastOfTwo(n)),
        ("LogSoftmax", 13, (u, n) => u.AlongLastOfTwo(n)),
        ("Hardmax", 13, (u, n) => u.AlongLastOfTwo(n)),
        ("BatchNormalization", 14, BatchNormalization),
        ("RoiAlign", 16, Refuse),
    ];

    private readonly Graph graph;
    private readonly int from;
    private readonly int to;

    private OpsetUpgrade(Graph graph, int from, int to) => (this.graph, this.from, this.to) = (graph, from, to);

    /// <summary>
    /// A copy of the model at <paramref name="opset"/> (at most <see cref="Maximum"/>) that computes the same; names of
    /// values stay. A model that is there already is returned itself. Throws an input error that names the node where an
    /// operator changed in a way that cannot be expressed (Upsample, Resize before 11).
    /// </summary>
    public static OnnxModel Raise(OnnxModel model, int opset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opset, Maximum);
        if (model.Opset >= opset)
            return model;
        var copy = model.Clone();
        new OpsetUpgrade(copy.Graph, model.Opset, opset).Apply(copy.Proto.Graph);
        foreach (var import in copy.Proto.OpsetImport.Where(o => OnnxModel.IsStandard(o.Domain)))
            import.Version = opset;
        WithoutRepeatedInputs(copy.Proto);
        return new OnnxModel(copy.Proto, model.Folder);
    }

    // Later IR versions take an initialiser that repeats as an input for a default that may be overridden.
    private static void WithoutRepeatedInputs(ModelProto proto)
    {
        var initialisers = proto.IrVersion < 4 ? proto.Graph.Initializer.Select(t => t.Name).ToHashSet() : [];
        for (var i = proto.Graph.Input.Count - 1; i >= 0; i--)
            if (initialisers.Contains(proto.Graph.Input[i].Name))
                proto.Graph.Input.RemoveAt(i);
        proto.IrVersion = Math.Max(proto.IrVersion, 8);
    }

    private void Apply(GraphProto proto)
    {
        var nodes = proto.Node.ToArray();
        proto.Node.Clear();
        foreach (var node in nodes)
        {
            foreach (var inner in node.Subgraphs())
                Apply(inner);
            IEnumerable<NodeProto> now = [node];
            if (OnnxModel.IsStandard(node.Domain))
                foreach (var (_, _, rewrite) in Changes.Where(c => c.Operator == node.OpType && Crosses(c.ChangedIn)))
                    now = [.. rewrite(this, node)];
            proto.Node.AddRange(now);
        }
    }

    private bool Crosses(int opset) => from < opset && opset <= to;

    // Inputs follow the operands in the order of the names; those left out in between are empty.
    private IEnumerable<NodeProto> AttributesToInputs(NodeProto node, params string[] names)
    {
        var pending = 0;
        foreach (var name in names)
        {
            if (node.Attribute(name) is not { } attribute)
            {
                pending++;
                continue;
            }
            for (; pending > 0; pending--)
                node.Input.Add("");
            node.Input.Add(graph.AddInitialiser($"{node.Output[0]}/{name}", Value(node, attribute)));
            Remove(node, name);
        }
        return [node];
    }

    private TensorData Value(NodeProto node, AttributeProto attribute) =>
        attribute.Type switch
        {
            AttributeProto.Types.AttributeType.Ints => TensorData.Int64s([.. attribute.Ints]),
            AttributeProto.Types.AttributeType.Int => TensorData.Int64s(attribute.I),
            _ => TensorData.Scalar(attribute.F).Cast(FloatType(node.Input[0])),
        };

    // The operand's type as something before it declares it.
    private DataType FloatType(string value)
    {
        while (graph.Producer(value) is { } node)
        {
            if (node.OpType is "Cast")
                return (DataType)node.Int("to", 1);
            if (graph.Constant(value) is { } constant)
                return constant.Type;
            if (node.Input.Count == 0)
                return DataType.Float;
            value = node.Input[0];
        }
        var declared =
            graph.Initialiser(value)?.DataType
            ?? (int?)graph.Proto.Input.FirstOrDefault(i => i.Name == value)?.ElementType();
        return declared is { } type && ElementTypes.IsFloat((DataType)type) ? (DataType)type : DataType.Float;
    }

    // Before opset 13 the dimensions from the axis on were one, and those before it another.
    private IEnumerable<NodeProto> AlongLastOfTwo(NodeProto node)
    {
        var axis = node.Int("axis", 1);
        node.Set("axis", -1L);
        if (axis == -1)
            return [node];
        var (input, output) = (node.Input[0], node.Output[0]);
        var (flat, shape, result) = (Name(output, "flat"), Name(output, "shape"), Name(output, "result"));
        node.Input[0] = flat;
        node.Output[0] = result;
        var flatten = Make("Flatten", flat, input);
        flatten.Set("axis", axis);
        return [flatten, node, Make("Shape", shape, input), Make("Reshape", output, result, shape)];
    }

    private string Name(string stem, string part) => graph.FreshName($"{stem}/{part}");

    private static NodeProto Make(string op, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static NodeProto[] BatchNormalization(OpsetUpgrade upgrade, NodeProto node)
    {
        if (node.Output.Count(o => o.Length > 0) > 1 || node.Int("spatial", 1) == 0)
            return Refuse(upgrade, node);
        return [With(node, () => Remove(node, "spatial"))];
    }

    private static NodeProto[] Refuse(OpsetUpgrade upgrade, NodeProto node) =>
        throw AssayException.Input(
            $"{node.Describe()} has no equal in opset {upgrade.to}: export the model with opset {upgrade.to} or later."
        );

    private static NodeProto With(NodeProto node, Action change)
    {
        change();
        return node;
    }

    private static void Remove(NodeProto node, string attribute)
    {
        if (node.Attribute(attribute) is { } found)
            node.Attribute.Remove(found);
    }
}
