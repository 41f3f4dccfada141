using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>
/// Which player each element of each value depends on. Beside the model runs a graph of labels, the lowest and the
/// highest number of a player behind every element: what moves elements moves labels, what combines them takes minimum
/// and maximum, and of what is not known every element of a row depends on all the row.
/// </summary>
internal sealed class PlayerLabels
{
    /// <summary>The element depends on no player.</summary>
    public const int Nobody = -1;

    /// <summary>The element depends on several players.</summary>
    public const int Several = -2;

    private const float NoneLow = 1e7f,
        NoneHigh = -1;
    private const int Rows = 2;

    private readonly OnnxModel model;
    private readonly ShapeTable shapes;
    private readonly Emitter emit;
    private readonly string batch;
    private readonly Dictionary<string, (string Low, string High)> labels = [];

    private PlayerLabels(OnnxModel model, ShapeTable shapes, string batch)
    {
        (this.model, this.shapes, this.batch) = (model, shapes, batch);
        emit = new Emitter(model.Graph, model.Opset, DataType.Float, "label");
    }

    /// <summary>
    /// The player behind each element of a row of every value with rows in front and otherwise static size; values that
    /// depend on nothing that moves are absent. Null where the labels cannot be computed.
    /// </summary>
    /// <param name="model">The model; it is changed.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="batch">The symbol of its rows.</param>
    /// <param name="sources">The values that move, each with the value that holds its labels.</param>
    /// <param name="target">The value explained.</param>
    public static IReadOnlyDictionary<string, int[]>? Find(
        OnnxModel model,
        ShapeTable shapes,
        string batch,
        IEnumerable<(string Value, string Labels)> sources,
        string target
    )
    {
        var found = new PlayerLabels(model, shapes, batch);
        var zero = found.emit.Scalar(0);
        model.Graph.SortTopologically();
        var needed = model.Graph.Reaching([target]);
        var nodes = model.Graph.Nodes.Where(needed.Contains).ToArray();
        foreach (var (value, label) in sources)
        {
            // A label below 0 is nobody's.
            var nobody = found.emit.Node("Less", [label, zero]);
            found.labels[value] = (found.emit.Where(nobody, found.emit.Scalar(NoneLow), label), label);
        }
        foreach (var node in nodes)
            found.Visit(node);
        return found.Run();
    }

    private Dictionary<string, int[]>? Run()
    {
        var graph = model.Graph;
        var wanted = labels.Where(l => IsRowwise(l.Key)).ToArray();
        graph.Proto.Output.Clear();
        foreach (var name in wanted.SelectMany(w => new[] { w.Value.Low, w.Value.High }).Distinct())
            graph.AddOutput(ValueInfos.Tensor(name, DataType.Float, null));
        graph.Proto.ValueInfo.Clear();
        graph.PruneUnreachable();
        graph.SortTopologically();
        var feeds = new Dictionary<string, TensorData>();
        foreach (var input in graph.Inputs)
            if (Fake(input) is { } fake)
                feeds[input.Name] = fake;
            else
                return null;
        using var session = Session.Open(model, new SessionSettings { Optimise = false });
        var results = session.Run(feeds);
        return wanted.ToDictionary(
            w => w.Key,
            w => Owners(results[w.Value.Low].Span<float>(), results[w.Value.High].Span<float>())
        );
    }

    private static int[] Owners(Span<float> low, Span<float> high)
    {
        var owners = new int[low.Length / Rows];
        for (var i = 0; i < owners.Length; i++)
            owners[i] =
                low[i] > high[i] ? Nobody
                : low[i] == high[i] ? (int)low[i]
                : Several;
        return owners;
    }

    private static TensorData? Fake(ValueInfoProto input)
    {
        var shape = input.Shape();
        var shared = input.Name == AttributionGraph.Present;
        if (
            shape is not [var rows, .. var rest]
            || (rows is not null && !shared)
            || rest.Any(d => d is null)
            || input.ElementType() == DataType.String
        )
            return null;
        long[] dims = [rows ?? Rows, .. rest.Select(d => d!.Value)];
        var count = (int)dims.Aggregate(1L, (p, d) => p * d);
        var number = ElementTypes.IsFloat(input.ElementType()) ? 0.5 : 0;
        return TensorData.From(Enumerable.Repeat(number, count).ToArray(), dims).Cast(input.ElementType());
    }

    private bool IsRowwise(string value) =>
        shapes.TryGet(value)?.Dims is [{ Symbol: { } symbol }, .. var rest]
        && symbol == batch
        && rest.All(d => d.Size is not null);

    private void Visit(NodeProto node)
    {
        if (node.OpType is "Shape" or "Size" || !Subgraphs.Reads(node).Any(labels.ContainsKey))
            return;
        if (node.Output.All(o => o.Length == 0 || labels.ContainsKey(o)))
            return;
        if (!OnnxModel.IsStandard(node.Domain) || node.Subgraphs().Any() || !TryFollow(node))
            Mix(node);
    }

    private bool TryFollow(NodeProto node)
    {
        var first = node.Input.Count > 0 && labels.ContainsKey(node.Input[0]);
        var onlyFirst = first && node.Input.Skip(1).All(i => !labels.ContainsKey(i));
        switch (node.OpType)
        {
            case "Reshape"
            or "Flatten"
            or "Squeeze"
            or "Unsqueeze"
            or "Transpose"
            or "Slice"
            or "Expand"
            or "Tile"
            or "Identity"
            or "Split" when onlyFirst:
                Move(node);
                return true;
            case "Gather" when onlyFirst:
                Move(node);
                return true;
            case "Gather" when !first:
                return LookUp(node);
            case "Concat":
                Join(node);
                return true;
            case "ReduceSum"
            or "ReduceMean"
            or "ReduceMax"
            or "ReduceMin"
            or "ReduceProd"
            or "ReduceL1"
            or "ReduceL2"
            or "ReduceSumSquare" when onlyFirst && OperatorForms.Axes(model.Graph, node) is { Length: > 0 } axes:
                var keep = node.Int("keepdims", 1) == 1;
                Set(
                    node.Output[0],
                    l => emit.Reduce("ReduceMin", l, axes, keep),
                    h => emit.Reduce("ReduceMax", h, axes, keep),
                    node.Input[0]
                );
                return true;
            case "Gemm" when onlyFirst && node.Int("transA", 0) == 0:
                Product(node, [(node.Input[0], -1)]);
                return true;
            case "MatMul" when node.Input.All(i => shapes.Rank(i) >= 2 || Stored(i) >= 2):
                Product(
                    node,
                    [.. node.Input.Select((v, i) => (v, i == 0 ? -1 : -2)).Where(x => labels.ContainsKey(x.v))]
                );
                return true;
            default:
                if (!IsElementwise(node))
                    return false;
                Combine(node, [.. node.Input.Where(labels.ContainsKey).Select(i => labels[i])]);
                return true;
        }
    }

    private int? Stored(string value) => model.Graph.Initialiser(value)?.Dims.Count;

    private void Set(string output, Func<string, string> low, Func<string, string> high, string from) =>
        labels[output] = (low(labels[from].Low), high(labels[from].High));

    private void Move(NodeProto node)
    {
        var (low, high) = (Moved(node, labels[node.Input[0]].Low), Moved(node, labels[node.Input[0]].High));
        for (var i = 0; i < node.Output.Count; i++)
            if (node.Output[i].Length > 0)
                labels[node.Output[i]] = (low[i], high[i]);
    }

    private string[] Moved(NodeProto node, params string[] operands)
    {
        var copy = node.Clone();
        for (var i = 0; i < operands.Length; i++)
            copy.Input[i] = operands[i];
        for (var i = 0; i < copy.Output.Count; i++)
            copy.Output[i] = model.Graph.FreshName($"label/{node.OpType}");
        copy.Name = copy.Output[0];
        model.Graph.Add(copy);
        return [.. copy.Output];
    }

    private void Join(NodeProto node)
    {
        string Filled(string value, bool low) =>
            labels.TryGetValue(value, out var label)
                ? low
                    ? label.Low
                    : label.High
                : emit.FilledLike(value, low ? NoneLow : NoneHigh);
        labels[node.Output[0]] = (
            Moved(node, [.. node.Input.Select(i => Filled(i, true))])[0],
            Moved(node, [.. node.Input.Select(i => Filled(i, false))])[0]
        );
    }

    // A row of a table is its id's.
    private bool LookUp(NodeProto node)
    {
        if (
            (shapes.Rank(node.Input[0]) ?? Stored(node.Input[0])) is not { } table
            || shapes.Rank(node.Input[1]) is not { } ids
        )
            return false;
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + table : axis;
        long[] added =
        [
            .. Enumerable.Range(0, (int)axis).Select(i => (long)i),
            .. Enumerable.Range((int)axis + ids, table - 1 - (int)axis).Select(i => (long)i),
        ];
        string Spread(string label) =>
            emit.ExpandTo(added.Length == 0 ? label : emit.Unsqueeze(label, added), emit.Shape(node.Output[0]));
        Set(node.Output[0], Spread, Spread, node.Input[1]);
        return true;
    }

    // Every element of a product depends on the whole row of the left and column of the right operand.
    private void Product(NodeProto node, (string Value, int Axis)[] operands) =>
        Combine(
            node,
            [
                .. operands.Select(o =>
                {
                    long axis = shapes.Rank(o.Value)!.Value + o.Axis;
                    var (low, high) = labels[o.Value];
                    return (emit.Reduce("ReduceMin", low, [axis], true), emit.Reduce("ReduceMax", high, [axis], true));
                }),
            ]
        );

    private void Combine(NodeProto node, (string Low, string High)[] operands)
    {
        var shape = emit.Shape(node.Output[0]);
        string All(string op, IEnumerable<string> parts) =>
            emit.ExpandTo(parts.Count() == 1 ? parts.First() : emit.Node(op, [.. parts]), shape);
        labels[node.Output[0]] = (All("Min", operands.Select(o => o.Low)), All("Max", operands.Select(o => o.High)));
    }

    // Each element depends on all that the row has of the operands.
    private void Mix(NodeProto node)
    {
        var operands = Subgraphs.Reads(node).Distinct().Where(labels.ContainsKey).ToArray();
        var rows = operands.All(o => StartsWithRows(o)) && node.Output.All(o => o.Length == 0 || StartsWithRows(o));
        string Row(string op, string label, int rank) =>
            rank == 1 ? label : emit.Reduce(op, label, [.. Enumerable.Range(1, rank - 1).Select(i => (long)i)], false);
        string Over(string op, Func<string, string> label)
        {
            var parts = operands.Select(o => Row(op, label(o), shapes.Rank(o)!.Value)).ToArray();
            return parts.Length == 1 ? parts[0] : emit.Node(op == "ReduceMin" ? "Min" : "Max", parts);
        }
        var low = rows ? Over("ReduceMin", o => labels[o].Low) : emit.Scalar(0);
        var high = rows ? Over("ReduceMax", o => labels[o].High) : emit.Scalar(1);
        foreach (var output in node.Output.Where(o => o.Length > 0))
        {
            string Spread(string label) =>
                emit.ExpandTo(
                    rows ? emit.Reshape(label, [-1, .. Enumerable.Repeat(1L, shapes.Rank(output)!.Value - 1)]) : label,
                    emit.Shape(output)
                );
            labels[output] = (Spread(low), Spread(high));
        }
    }

    private bool StartsWithRows(string value) =>
        shapes.TryGet(value)?.Dims is [{ Symbol: { } symbol }, ..] && symbol == batch;

    private bool IsElementwise(NodeProto node) =>
        node.Output.Count(o => o.Length > 0) == 1
        && (
            Elementwise.Contains(node.OpType)
            || (node.OpType == "BatchNormalization" && node.Input.Skip(1).All(i => !labels.ContainsKey(i)))
        );

    private static readonly HashSet<string> Elementwise =
    [
        .. (
            "Add Sub Mul Div Pow Min Max Mean Sum Where Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor Not Neg "
            + "Abs Exp Log Sqrt Relu LeakyRelu Sigmoid Tanh Erf Clip Cast CastLike Floor Ceil Round Sign Reciprocal Softplus "
            + "Softsign PRelu Elu Selu Celu Gelu HardSigmoid HardSwish Mish Sin Cos Tan Atan IsNaN IsInf Mod ThresholdedRelu"
        ).Split(' '),
    ];
}
