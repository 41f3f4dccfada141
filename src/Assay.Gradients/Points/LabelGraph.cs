using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Points;

/// <summary>A copy of the front of a graph that computes labels (int64) instead of data, and its one run.</summary>
internal sealed class LabelGraph
{
    private const string Prefix = "label:";
    private readonly OnnxModel source;
    private readonly ShapeTable shapes;
    private readonly OnnxModel labels;
    private readonly Emitter emit;
    private readonly HashSet<string> labelled = [];
    private readonly MaskValues masks;

    // Far beyond any history; each becomes an object.
    private const int MaximumPositions = 1 << 20;

    private readonly List<(string Input, int First, int Count)> ranges = [];
    private readonly int rows;

    public LabelGraph(OnnxModel source, ShapeTable shapes)
    {
        this.source = source;
        this.shapes = shapes;
        masks = new MaskValues(source.Graph, shapes);
        var proto = new ModelProto
        {
            IrVersion = source.Proto.IrVersion,
            Graph = new GraphProto { Name = "labels" },
        };
        proto.OpsetImport.AddRange(source.Proto.OpsetImport.Where(o => OnnxModel.IsStandard(o.Domain)));
        labels = new OnnxModel(proto);
        emit = new Emitter(labels.Graph, source.Opset, DataType.Float, "labels");
        rows = Inputs.Select(i => shapes.TryGet(i.Name)?.Dims).All(d => d is [{ Size: null }, ..]) ? 2 : FixedRows();
        foreach (var input in Inputs)
            AddInput(input);
        foreach (var node in source.Graph.Nodes)
            if (CanLabel(node))
                Copy(node);
    }

    /// <summary>The inputs of the source graph.</summary>
    public IEnumerable<ValueInfoProto> Inputs => source.Graph.Inputs;

    /// <summary>The source nodes that were copied, in graph order.</summary>
    public List<NodeProto> Nodes { get; } = [];

    /// <summary>The name that carries a value's labels.</summary>
    public string LabelOf(string value) => Prefix + value;

    /// <summary>The operands of a copied node that carry labels.</summary>
    public IEnumerable<string> LabelledInputs(NodeProto node) =>
        DataInputs(node).Select(node.InputAt).Where(labelled.Contains);

    /// <summary>Runs the graph: labels of every value, keyed by <see cref="LabelOf"/>.</summary>
    public IReadOnlyDictionary<string, TensorData> Run()
    {
        var feeds = Inputs.ToDictionary(i => LabelOf(i.Name), Feed);
        var wanted = Nodes.SelectMany(n => n.Output).Where(o => o.Length > 0).Select(LabelOf).ToArray();
        if (wanted.Length == 0)
            return feeds;
        foreach (var name in wanted)
            labels.Graph.AddOutput(ValueInfos.Tensor(name, DataType.Int64, null));
        labels.Graph.SortTopologically();
        using var session = Session.Open(labels, new SessionSettings { Optimise = false });
        var result = new Dictionary<string, TensorData>(session.Run(feeds, wanted));
        foreach (var (name, tensor) in feeds)
            result[name] = tensor;
        return result;
    }

    /// <summary>Reads labels back: null unless each row's labels form a slice along one axis, alike in every row.</summary>
    public ValueLabels? Decode(TensorData tensor)
    {
        if (tensor.Type != DataType.Int64 || tensor.Count == 0 || tensor.Count % rows != 0)
            return null;
        var all = tensor.Span<long>();
        if (Positions(all) is { } positions)
            return new ValueLabels(0, positions);
        for (var axis = 1; axis < tensor.Dims.Length; axis++)
            if (tensor.Dims[axis] == rows && Positions(InFront(tensor, axis)) is { } moved)
                return new ValueLabels(axis, moved);
        return null;
    }

    private int FixedRows() =>
        (int)(Inputs.Select(i => shapes.TryGet(i.Name)?.Dims is [{ Size: { } n }, ..] ? n : 1).FirstOrDefault(1));

    private void AddInput(ValueInfoProto input)
    {
        var dims = shapes.TryGet(input.Name)?.Dims ?? throw Unusable(input, "its shape is unknown");
        if (dims.Length == 0)
            throw Unusable(input, "it is a scalar, so it has no rows");
        if (dims.Skip(1).Any(d => d.Size is null))
            throw Unusable(
                input,
                $"its shape {input.ShapeText()} has more than one free dimension; export the model with a fixed length"
            );
        labelled.Add(input.Name);
        labels.Graph.AddInput(ValueInfos.Tensor(LabelOf(input.Name), DataType.Int64, null));
        var count = (int)dims.Skip(1).Aggregate(1L, (p, d) => p * d.Size!.Value);
        ranges.Add((input.Name, ranges.Count == 0 ? 0 : ranges[^1].First + ranges[^1].Count, count));
    }

    private static AssayException Unusable(ValueInfoProto input, string why) =>
        AssayException.Input($"Features cannot be found in input '{input.Name}': {why}.");

    private TensorData Feed(ValueInfoProto input)
    {
        var (_, first, count) = ranges.First(r => r.Input == input.Name);
        var values = new long[rows * count];
        for (var i = 0; i < values.Length; i++)
            values[i] = 1 + i / count * Stride + first + i % count;
        long[] dims = [rows, .. shapes.TryGet(input.Name)!.Dims.Skip(1).Select(d => d.Size!.Value)];
        return TensorData.From(values, dims);
    }

    private int Stride => ranges[^1].First + ranges[^1].Count;

    private bool CanLabel(NodeProto node)
    {
        if (!OnnxModel.IsStandard(node.Domain) && !LabelOperators.IsEncoder(node))
            return false;
        var movement = LabelOperators.IsMovement(node.OpType) && !IsRemap(node);
        if (!movement && !LabelOperators.IsElementwise(node.OpType) && !IsRemap(node))
            return false;
        var data = DataInputs(node).Select(node.InputAt).Where(i => i.Length > 0).ToArray();
        var carried = data.Where(labelled.Contains).ToArray();
        if (carried.Length == 0 || masks.EndsAt(node, carried))
            return false;
        if (movement)
            return data.All(i => labelled.Contains(i) || (node.OpType == "Concat" && IsParameter(i)))
                && node.Input.Skip(data.Length).All(i => i.Length == 0 || IsParameter(i));
        return data.All(i => labelled.Contains(i) || IsParameter(i));
    }

    // Ids renumbered through a constant list are still the same ids.
    private bool IsRemap(NodeProto node) =>
        node.OpType == "Gather"
        && node.Int("axis", 0) == 0
        // A table of vectors may be gigabytes and is not read.
        && source.Graph.Initialiser(node.Input[0]) is null or { Dims.Count: 1 }
        && source.Graph.Constant(node.Input[0]) is { Dims.Length: 1 } list
        && ElementTypes.IsInteger(list.Type)
        && labelled.Contains(node.Input[1]);

    private IEnumerable<int> DataInputs(NodeProto node) =>
        IsRemap(node) ? [1] : LabelOperators.DataInputs(node.OpType, node.Input.Count);

    private bool IsParameter(string value) =>
        source.Graph.IsConstant(value)
        || (
            source.Graph.Producer(value) is { } node
            && LabelOperators.Parameters.Contains(node.OpType)
            && (
                node.OpType is "Shape" or "Size"
                    ? labelled.Contains(node.Input[0])
                    : node.Input.All(i => i.Length == 0 || IsParameter(i))
            )
        );

    private void Copy(NodeProto node)
    {
        if (LabelOperators.IsMovement(node.OpType) && !IsRemap(node))
            CopyMovement(node);
        else
            PassOn(node);
        labelled.UnionWith(node.Output.Where(o => o.Length > 0));
        Nodes.Add(node);
    }

    private void CopyMovement(NodeProto node)
    {
        var copy = node.Clone();
        for (var i = 0; i < copy.Input.Count; i++)
            if (copy.Input[i].Length > 0)
                copy.Input[i] =
                    labelled.Contains(copy.Input[i]) ? LabelOf(copy.Input[i])
                    : copy.OpType == "Concat" ? Zeros(copy.Input[i])
                    : Parameter(copy.Input[i]);
        for (var i = 0; i < copy.Output.Count; i++)
            copy.Output[i] = copy.Output[i].Length > 0 ? LabelOf(copy.Output[i]) : "";
        if (copy.OpType == "Dropout")
            copy = new NodeProto
            {
                OpType = "Identity",
                Input = { copy.Input[0] },
                Output = { copy.Output[0] },
            };
        labels.Graph.Add(copy);
    }

    // An elementwise operator keeps the labels of its operand; zeros in the shapes of its constants repeat its broadcasting.
    private void PassOn(NodeProto node)
    {
        var carried = LabelledInputs(node).Select(LabelOf).ToArray();
        var result = carried[0];
        if (node.OpType is not ("Clip" or "BatchNormalization" or "Gather" or "LabelEncoder" or "CategoryMapper"))
            foreach (var constant in node.Input.Where(i => i.Length > 0 && !labelled.Contains(i)))
                result = emit.Add(result, Zeros(constant));
        emit.Named(LabelOf(node.Output[0]), "Identity", [result]);
    }

    // The label of what stems from no input, in the shape of a constant.
    private string Zeros(string constant)
    {
        if (source.Graph.Constant(constant)?.Dims is { } dims)
            return emit.Constant(TensorData.From(new long[dims.Aggregate(1L, (p, d) => p * d)], dims));
        return emit.Mul(emit.Cast(Parameter(constant), DataType.Int64), emit.Int64(0));
    }

    private string Parameter(string value)
    {
        var name = LabelOf("parameter:" + value);
        if (labels.Graph.Defines(name))
            return name;
        if (source.Graph.Constant(value) is { } constant)
        {
            labels.Graph.SetInitialiser(name, constant);
            return name;
        }
        var copy = source.Graph.Producer(value)!.Clone();
        var data = copy.OpType is "Shape" or "Size";
        for (var i = 0; i < copy.Input.Count; i++)
            if (copy.Input[i].Length > 0)
                copy.Input[i] = data ? LabelOf(copy.Input[i]) : Parameter(copy.Input[i]);
        copy.Output.Clear();
        copy.Output.Add(name);
        labels.Graph.Add(copy);
        return name;
    }

    private InputElement[]? Positions(ReadOnlySpan<long> all)
    {
        var perRow = all.Length / rows;
        if (perRow > MaximumPositions)
            throw AssayException.Input(
                $"A row has {perRow} values in one place; features can be followed through at most {MaximumPositions}."
            );
        var result = new InputElement[perRow];
        for (var r = 0; r < rows; r++)
        for (var p = 0; p < perRow; p++)
        {
            var label = all[r * perRow + p] - 1 - (long)r * Stride;
            var isConstant = all[r * perRow + p] == 0;
            if (!isConstant && (label < 0 || label >= Stride))
                return null;
            var element = isConstant ? InputElement.None : Element((int)label);
            if (r > 0 && element != result[p])
                return null;
            result[p] = element;
        }
        return result;
    }

    private InputElement Element(int label)
    {
        var (input, first, _) = ranges.Last(r => r.First <= label);
        return new InputElement(input, label - first);
    }

    private static long[] InFront(TensorData tensor, int axis)
    {
        var source = tensor.Span<long>();
        var outer = tensor.Dims[..axis].Aggregate(1L, (p, d) => p * d);
        var size = tensor.Dims[axis];
        var inner = source.Length / (outer * size);
        var result = new long[source.Length];
        for (long o = 0, n = 0; o < outer; o++)
        for (long a = 0; a < size; a++)
        for (long i = 0; i < inner; i++, n++)
            result[(a * outer + o) * inner + i] = source[(int)n];
        return result;
    }
}
