using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>
/// Adds standard operators to a graph, each in the form that its opset wants, and returns the name of the value made.
/// Equal constants are shared. Nodes are appended; sort the graph before writing it.
/// </summary>
public sealed class Emitter
{
    private readonly Dictionary<string, string> constants = [];
    private readonly string prefix;

    /// <summary>
    /// Emits into <paramref name="graph"/> for <paramref name="opset"/>; float constants are of type
    /// <paramref name="floatType"/>; new names begin with <paramref name="prefix"/>.
    /// </summary>
    public Emitter(Graph graph, int opset, DataType floatType, string prefix = "assay")
    {
        Graph = graph;
        Opset = opset;
        FloatType = floatType;
        this.prefix = prefix;
    }

    /// <summary>The graph that is added to.</summary>
    public Graph Graph { get; }

    /// <summary>The standard opset emitted for.</summary>
    public int Opset { get; }

    /// <summary>The element type of the float constants.</summary>
    public DataType FloatType { get; }

    /// <summary>Emits any operator with one output.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(op, inputs, 1, attributes)[0];

    /// <summary>Emits an operator with several outputs.</summary>
    public string[] Nodes(string op, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++)
            names[i] = Graph.FreshName($"{prefix}/{op}");
        var node = new NodeProto { OpType = op, Name = names[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(names);
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        Graph.Add(node);
        return names;
    }

    /// <summary>Emits an operator whose output carries a given name (which nothing may define yet).</summary>
    public string Named(string output, string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        Graph.Add(node);
        return output;
    }

    /// <summary>A float scalar constant of the graph's float type.</summary>
    public string Scalar(double value) => Constant(TensorData.Scalar(value).Cast(FloatType));

    /// <summary>A one-dimensional int64 constant.</summary>
    public string Int64s(params long[] values) => Constant(TensorData.Int64s(values));

    /// <summary>An int64 scalar constant.</summary>
    public string Int64(long value) => Constant(TensorData.Scalar(value));

    /// <summary>A constant tensor; small equal ones share one initialiser.</summary>
    public string Constant(TensorData tensor)
    {
        if (tensor.Count > 64 || tensor.Type == DataType.String)
            return Graph.AddInitialiser($"{prefix}/constant", tensor);
        // By bytes: as doubles, large integers (the end of a slice) would fall together.
        var key = $"{tensor}:{Convert.ToHexString(tensor.Bytes())}";
        if (!constants.TryGetValue(key, out var name))
            constants[key] = name = Graph.AddInitialiser($"{prefix}/constant", tensor);
        return name;
    }

    /// <summary>Elementwise a + b with broadcasting.</summary>
    public string Add(string a, string b) => Node("Add", [a, b]);

    /// <summary>Elementwise a − b with broadcasting.</summary>
    public string Sub(string a, string b) => Node("Sub", [a, b]);

    /// <summary>Elementwise a · b with broadcasting.</summary>
    public string Mul(string a, string b) => Node("Mul", [a, b]);

    /// <summary>Elementwise a / b with broadcasting.</summary>
    public string Div(string a, string b) => Node("Div", [a, b]);

    /// <summary>Elementwise −a.</summary>
    public string Neg(string a) => Node("Neg", [a]);

    /// <summary>Matrix product, batched over leading dimensions.</summary>
    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    /// <summary>condition ? a : b, elementwise.</summary>
    public string Where(string condition, string a, string b) => Node("Where", [condition, a, b]);

    /// <summary>Conversion to another element type.</summary>
    public string Cast(string a, DataType type) => Node("Cast", [a], ("to", (long)(int)type));

    /// <summary>Permutes the dimensions.</summary>
    public string Transpose(string a, params long[] permutation) => Node("Transpose", [a], ("perm", permutation));

    /// <summary>The dimensions of a value as int64 [rank].</summary>
    public string Shape(string a) => Node("Shape", [a]);

    /// <summary>Reshapes to constant dimensions (0 copies, −1 is inferred).</summary>
    public string Reshape(string a, params long[] dims) => Node("Reshape", [a, Int64s(dims)]);

    /// <summary>Reshapes to dimensions computed by the graph.</summary>
    public string ReshapeTo(string a, string dims) => Node("Reshape", [a, dims]);

    /// <summary>Broadcasts to dimensions computed by the graph.</summary>
    public string ExpandTo(string a, string dims) => Node("Expand", [a, dims]);

    /// <summary>Joins along an axis.</summary>
    public string Concat(IReadOnlyList<string> parts, long axis) =>
        parts.Count == 1 ? parts[0] : Node("Concat", [.. parts], ("axis", axis));

    /// <summary>Picks slices along an axis by integer indices.</summary>
    public string Gather(string data, string indices, long axis = 0) => Node("Gather", [data, indices], ("axis", axis));

    /// <summary>Sum over constant axes; no axes given means all of them.</summary>
    public string ReduceSum(string a, long[] axes, bool keepDims) => Reduce("ReduceSum", a, axes, keepDims);

    /// <summary>Any reduction over constant axes, in the opset's form.</summary>
    public string Reduce(string op, string a, long[] axes, bool keepDims)
    {
        var keep = ("keepdims", (object)(keepDims ? 1L : 0L));
        if (axes.Length == 0)
            return Node(op, [a], keep);
        return Opset >= OperatorForms.AxesAsInputSince(op)
            ? Node(op, [a, Int64s(axes)], keep)
            : Node(op, [a], ("axes", axes), keep);
    }

    /// <summary>Inserts dimensions of size one.</summary>
    public string Unsqueeze(string a, params long[] axes) => Axes("Unsqueeze", a, axes);

    /// <summary>Removes dimensions of size one.</summary>
    public string Squeeze(string a, params long[] axes) => Axes("Squeeze", a, axes);

    /// <summary>Slices with constant bounds along constant axes.</summary>
    public string Slice(string a, long[] starts, long[] ends, long[] axes, long[]? steps = null)
    {
        if (Opset < OperatorForms.ParametersAsInputSince("Slice"))
            return steps?.Any(s => s != 1) == true
                ? throw AssayException.Input($"Slicing in steps needs opset 10; the model has {Opset}.")
                : Node("Slice", [a], ("starts", starts), ("ends", ends), ("axes", axes));
        var inputs = new List<string> { a, Int64s(starts), Int64s(ends), Int64s(axes) };
        if (steps is not null)
            inputs.Add(Int64s(steps));
        return Node("Slice", [.. inputs]);
    }

    /// <summary>A tensor of one value in the shape of another value.</summary>
    public string FilledLike(string a, double value) =>
        Node("ConstantOfShape", [Shape(a)], ("value", TensorData.From([value], 1).Cast(FloatType)));

    private string Axes(string op, string a, long[] axes) =>
        Opset >= OperatorForms.AxesAsInputSince(op) ? Node(op, [a, Int64s(axes)]) : Node(op, [a], ("axes", axes));
}
