using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Layers;

/// <summary>
/// Takes units out of a dense layer. What a unit gave on average goes into the bias of what reads it. Where all readers
/// are weight products, rows and columns of the weights are cut, so the model gets smaller; else the units are held at
/// their mean.
/// </summary>
internal static class UnitPruning
{
    /// <summary>Changes the model; returns whether it was cut.</summary>
    /// <param name="model">A working copy in which the layer was found.</param>
    /// <param name="layer">A dense layer.</param>
    /// <param name="units">The units that go.</param>
    /// <param name="means">The mean of every unit.</param>
    public static bool Remove(OnnxModel model, ModelLayer layer, IReadOnlyCollection<int> units, double[] means)
    {
        if (units.Count == 0)
            return true;
        var kept = Enumerable.Range(0, layer.Units).Where(u => !units.Contains(u)).ToArray();
        if (kept.Length > 0 && CanCut(model.Graph, layer))
        {
            Cut(model, layer, kept, units, means);
            return true;
        }
        Hold(model, layer, units, means);
        return false;
    }

    private static bool CanCut(Graph graph, ModelLayer layer)
    {
        // Nodes are found again by their outputs: the chain may be of another copy.
        var chain = layer.Chain.Select(n => graph.Producer(n.Output[0])).ToArray();
        return chain.Length > 0
            && chain.All(n => n is not null && IsCuttable(graph, n, layer))
            && !graph.Outputs.Any(o => o.Name == layer.Value)
            && graph.Consumers(layer.Value).Count > 0
            && graph.Consumers(layer.Value).All(n => Reads(graph, n, layer.Value));
    }

    private static bool IsCuttable(Graph graph, NodeProto node, ModelLayer layer) =>
        node.OpType switch
        {
            "Gemm" => graph.Constant(node.Input[1]) is { Dims.Length: 2 }
                && IsVector(graph, node.InputAt(2), layer.Units),
            "MatMul" => graph.Constant(node.Input[1]) is { Dims.Length: 2 },
            "Add" or "Sub" or "Mul" or "Div" => node.Input.Any(i => IsVector(graph, i, layer.Units)),
            "PRelu" => IsVector(graph, node.Input[1], layer.Units),
            "BatchNormalization" => layer.Positions == 1
                && node.Input.Skip(1).All(i => IsVector(graph, i, layer.Units)),
            "LayerNormalization" => false,
            _ => true,
        };

    // One number for each unit, or one for all.
    private static bool IsVector(Graph graph, string value, int units) =>
        value.Length == 0
        || graph.Constant(value) is { } tensor
            && (tensor.Count == 1 || (tensor.Count == units && tensor.Dims[^1] == units));

    private static bool Reads(Graph graph, NodeProto node, string value) =>
        node.OpType is "Gemm" or "MatMul"
        && node.Input[0] == value
        && node.Input.Count(i => i == value) == 1
        && node.Int("transA", 0) == 0
        && graph.Constant(node.Input[1]) is { Dims.Length: 2 };

    private static void Cut(
        OnnxModel model,
        ModelLayer layer,
        int[] kept,
        IReadOnlyCollection<int> gone,
        double[] means
    )
    {
        var graph = model.Graph;
        foreach (var node in layer.Chain.Select(n => graph.Producer(n.Output[0])!))
            for (var i = 0; i < node.Input.Count; i++)
                if (graph.Constant(node.Input[i]) is { } tensor && tensor.Count > 1)
                    Replace(graph, node, i, Picked(tensor, Axis(node, i, tensor), kept));
        foreach (var reader in graph.Consumers(layer.Value).ToArray())
        {
            var weights = graph.Constant(reader.Input[1])!;
            var axis = reader.OpType == "Gemm" && reader.Int("transB", 0) == 1 ? 1 : 0;
            var given = Given(weights, axis, gone, means, reader.OpType == "Gemm" ? reader.Float("alpha", 1) : 1);
            Replace(graph, reader, 1, Picked(weights, axis, kept));
            AddAfter(model, reader, given, weights.Type);
        }
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
    }

    // Units lie along the last axis, but in a transposed weight matrix along the first.
    private static int Axis(NodeProto node, int input, TensorData tensor) =>
        node.OpType == "Gemm" && input == 1 && node.Int("transB", 0) == 1 ? 0 : tensor.Dims.Length - 1;

    // What the units that go gave on average, for each unit behind them.
    private static double[] Given(
        TensorData weights,
        int axis,
        IReadOnlyCollection<int> gone,
        double[] means,
        double factor
    )
    {
        var values = weights.ToDoubles();
        var columns = (int)weights.Dims[1];
        var given = new double[(int)weights.Dims[1 - axis]];
        foreach (var unit in gone)
            for (var o = 0; o < given.Length; o++)
                given[o] += factor * means[unit] * values[axis == 0 ? unit * columns + o : o * columns + unit];
        return given;
    }

    private static void AddAfter(OnnxModel model, NodeProto node, double[] given, DataType type)
    {
        if (given.All(g => g == 0))
            return;
        var emit = new Emitter(model.Graph, model.Opset, type, "pruned");
        var bias = emit.Constant(TensorData.From(given, given.Length).Cast(type));
        AddBehind(emit, node.Output[0], v => emit.Add(v, bias));
    }

    private static void Hold(OnnxModel model, ModelLayer layer, IReadOnlyCollection<int> units, double[] means)
    {
        var type = model.Graph.Constant(layer.Chain[0].Input[1])?.Type ?? DataType.Float;
        var emit = new Emitter(model.Graph, model.Opset, type, "pruned");
        var mask = new double[layer.Units];
        var held = new double[layer.Units];
        for (var u = 0; u < layer.Units; u++)
            (mask[u], held[u]) = units.Contains(u) ? (0, means[u]) : (1, 0);
        var factor = emit.Constant(TensorData.From(mask, mask.Length).Cast(type));
        var offset = emit.Constant(TensorData.From(held, held.Length).Cast(type));
        AddBehind(emit, layer.Value, v => emit.Add(emit.Mul(v, factor), offset));
        model.Graph.SortTopologically();
    }

    // Everything that read the value reads what is made of it.
    private static void AddBehind(Emitter emit, string value, Func<string, string> make)
    {
        var readers = emit.Graph.Consumers(value).ToArray();
        var made = make(value);
        var own = emit.Graph.Consumers(value).Where(n => !readers.Any(r => ReferenceEquals(r, n))).ToArray();
        emit.Graph.ReplaceUses(value, made, own);
        foreach (var output in emit.Graph.Outputs.Where(o => o.Name == value).ToArray())
        {
            // The output keeps its name: what is made takes it over.
            var inner = value + "_unpruned";
            while (emit.Graph.Defines(inner))
                inner += "_";
            emit.Graph.Rename(value, inner);
            output.Name = value;
            emit.Named(value, "Identity", [made]);
        }
    }

    private static void Replace(Graph graph, NodeProto node, int input, TensorData tensor)
    {
        var old = node.Input[input];
        if (graph.Initialiser(old) is not null && graph.Consumers(old) is [_])
        {
            graph.SetInitialiser(old, tensor);
            return;
        }
        var name = graph.AddInitialiser(old + "_pruned", tensor);
        graph.ReplaceUses(old, name, [.. graph.Consumers(old).Where(n => !ReferenceEquals(n, node))]);
    }

    private static TensorData Picked(TensorData tensor, int axis, int[] kept)
    {
        var outer = tensor.Dims[..axis].Aggregate(1L, (p, d) => p * d);
        var inner = tensor.Dims[(axis + 1)..].Aggregate(1L, (p, d) => p * d);
        var size = tensor.Dims[axis];
        var values = ElementTypes.NewArray(tensor.Type, (int)(outer * kept.Length * inner));
        for (long o = 0, at = 0; o < outer; o++)
            foreach (var k in kept)
            {
                Array.Copy(tensor.Values, (o * size + k) * inner, values, at, inner);
                at += inner;
            }
        long[] dims = [.. tensor.Dims];
        dims[axis] = kept.Length;
        return TensorData.Create(tensor.Type, dims, values);
    }
}
