using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution.Layers;

/// <summary>
/// Finds the layers of a recommender in its graph by what they compute: joins of embeddings, dense layers, cross layers,
/// factorisation machines, dot products, attention and gates. Values keep the names of the user's model.
/// </summary>
internal sealed class LayerFinder
{
    private readonly LayerGraph graph;
    private readonly Dictionary<string, ModelLayer> found = [];
    private readonly HashSet<string> parts = [];

    private LayerFinder(LayerGraph graph) => this.graph = graph;

    /// <summary>The layers in graph order, numbered by kind where there are several.</summary>
    public static IReadOnlyList<ModelLayer> Find(LayerGraph graph)
    {
        var finder = new LayerFinder(graph);
        foreach (var node in graph.Nodes)
            finder.Visit(node);
        var order = graph
            .Nodes.SelectMany(n => n.Output)
            .Distinct()
            .Select((v, i) => (v, i))
            .ToDictionary(p => p.v, p => p.i);
        var layers = finder
            .found.Values.Where(l => !finder.parts.Contains(l.Value))
            .OrderBy(l => order[l.Value])
            .ToArray();
        return [.. layers.Select((l, i) => Numbered(l, layers, i))];
    }

    private static ModelLayer Numbered(ModelLayer layer, ModelLayer[] all, int at)
    {
        var same = all.Count(l => Word(l) == Word(layer));
        return same < 2
            ? layer
            : layer with
            {
                Title =
                    $"{Word(layer)} {all[..at].Count(l => Word(l) == Word(layer)) + 1}{layer.Title[Word(layer).Length..]}",
            };
    }

    private static string Word(ModelLayer layer) => layer.Title.Split(':')[0];

    private void Visit(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Concat":
                Join(node);
                break;
            case "Gemm" or "MatMul" when graph.MovingInputs(node).Length == 1:
                Dense(node);
                break;
            case "MatMul":
                Product(node);
                break;
            case "Mul":
                Gate(node);
                break;
            case "Add":
                Cross(node);
                break;
            case "Sub":
                FactorisationMachine(node);
                break;
            case "Softmax":
                Softmax(node);
                break;
        }
    }

    private void Add(ModelLayer layer)
    {
        if (graph.IsLayer(layer.Value))
            found.TryAdd(layer.Value, layer);
    }

    private ModelLayer Layer(string value, LayerKind kind, string title)
    {
        var (units, positions) = graph.IsLayer(value) ? graph.Size(value) : (1, 1);
        return new ModelLayer(
            value,
            kind,
            positions > 1 ? $"{title} at {positions} positions" : title,
            units,
            positions
        );
    }

    private void Join(NodeProto node)
    {
        var value = node.Output[0];
        // The widest join counts: one that is only joined again is part of it.
        if (!graph.Plain.Contains(value) || graph.MovingInputs(node).Distinct().Count() < 2 || !graph.IsLayer(value))
            return;
        var readers = Behind(value).ToArray();
        if (readers.Length > 0 && readers.All(r => r.OpType == "Concat" && graph.Plain.Contains(r.Output[0])))
            return;
        var (units, vectors) = graph.Size(value);
        // Vectors beside one another are different features, not positions of one.
        var title = vectors > 1 ? $"{vectors} vectors of {units}" : $"{units} numbers";
        if (units * vectors > 1)
            Add(new ModelLayer(value, LayerKind.Join, $"features joined: {title}", units * vectors, 1));
    }

    // Readers behind what only moves elements.
    private IEnumerable<NodeProto> Behind(string value) =>
        graph.Readers(value).SelectMany(r => LayerGraph.IsMovement(r) ? Behind(r.Output[0]) : [r]);

    private void Dense(NodeProto node)
    {
        var weights = node.Input.Take(2).First(i => !graph.Moves(i));
        if (!graph.IsTable(weights) || graph.Shapes.TryGet(weights) is not { AllStatic: true, Rank: 2 } shape)
            return;
        var chain = DenseChain.From(graph, node);
        var (wide, high) = (shape.Dims[0].Size!.Value, shape.Dims[1].Size!.Value);
        var inputs = node.OpType == "Gemm" && node.Int("transB", 0) == 1 ? high : wide;
        var outputs = inputs == wide && !(node.OpType == "Gemm" && node.Int("transB", 0) == 1) ? high : wide;
        var title = $"dense: {inputs} → {outputs}{(chain.Activation is { } a ? $", {a}" : "")}";
        Add(
            Layer(chain.Value, LayerKind.Dense, title) with
            {
                Activation = chain.Activation,
                Before = chain.Before,
                Chain = chain.Nodes,
            }
        );
    }

    private void Product(NodeProto node)
    {
        var (a, b) = (node.Input[0], node.Input[1]);
        if (graph.Origin(a) == graph.Origin(b))
        {
            var value = Movements(node.Output[0]);
            var vectors = graph.Shapes.TryGet(node.Output[0])?.Dims[^1].Size;
            Add(Layer(value, LayerKind.Dot, $"dot products: of {vectors} vectors"));
            return;
        }
        var leads = LeadsToSoftmax(node.Output[0]);
        if (leads)
            Add(Layer(node.Output[0], LayerKind.Attention, "attention scores: products of queries and keys"));
        else if (IsGate(graph.Origin(a)))
            Add(Layer(Movements(node.Output[0]), LayerKind.Gate, "gated mixture: branches weighted by a gate"));
        else
        {
            Add(Layer(a, LayerKind.Attention, "attention weights: one for each position"));
            Add(Layer(Movements(node.Output[0]), LayerKind.Attention, "attention: weighted sum over positions"));
        }
    }

    // What only moves the elements of a value on, one reader after the other.
    private string Movements(string value)
    {
        while (
            graph.OnlyReader(value) is { } reader && LayerGraph.IsMovement(reader) && graph.IsLayer(reader.Output[0])
        )
            value = reader.Output[0];
        return value;
    }

    private bool LeadsToSoftmax(string value)
    {
        for (var step = 0; step < 6 && graph.OnlyReader(value) is { } reader; step++)
        {
            if (reader.OpType == "Softmax")
                return true;
            if (!LayerGraph.IsMovement(reader) && reader.OpType is not ("Mul" or "Div" or "Add" or "Where"))
                return false;
            value = reader.Output[0];
        }
        return false;
    }

    private bool IsGate(string value) =>
        graph.Graph.Producer(value) is { OpType: "Softmax" } softmax
        && graph.Shapes.TryGet(softmax.Output[0]) is { Rank: 2 };

    private void Softmax(NodeProto node)
    {
        var value = node.Output[0];
        // The head's own classes are no gate.
        if (value == graph.Target || graph.Readers(value).Length == 0 || !graph.IsLayer(value))
            return;
        Add(
            IsGate(value)
                ? Layer(value, LayerKind.Gate, "gate: shares between branches, softmax")
                : Layer(value, LayerKind.Attention, "attention weights: softmax over positions")
        );
    }

    private void Gate(NodeProto node)
    {
        foreach (var (gate, other) in new[] { (node.Input[0], node.Input[1]), (node.Input[1], node.Input[0]) })
            if (
                graph.Graph.Producer(gate) is { OpType: "Sigmoid" } sigmoid
                && graph.Moves(other)
                // x·σ(x) is an activation.
                && sigmoid.Input[0] != other
            )
                Add(Layer(gate, LayerKind.Gate, "gate: factors between 0 and 1, sigmoid"));
    }

    private void Cross(NodeProto node)
    {
        foreach (var (kept, product) in new[] { (node.Input[0], node.Input[1]), (node.Input[1], node.Input[0]) })
        {
            if (
                !graph.Moves(kept)
                || graph.Graph.Producer(product) is not { OpType: "Mul" } mul
                || graph.MovingInputs(mul).Length != 2
                || !IsVector(kept)
            )
                continue;
            var behind = graph.Graph.Downstream([kept]);
            var inner = mul.Input.FirstOrDefault(i => i != kept && behind.Contains(i) && HasWeights(i, kept));
            if (inner is null)
                continue;
            // The products inside are parts of the cross layer.
            parts.UnionWith(Between(kept, inner));
            Add(Layer(node.Output[0], LayerKind.Cross, $"cross: of {graph.Size(node.Output[0]).Units}"));
            return;
        }
    }

    private bool IsVector(string value) => graph.Shapes.TryGet(value) is { Rank: 2 } shape && shape.Dims[1].Size is > 1;

    private bool HasWeights(string value, string from) =>
        Between(from, value).Any(v => graph.Graph.Producer(v) is { OpType: "MatMul" or "Gemm" });

    private string[] Between(string from, string to)
    {
        var behind = graph.Graph.Downstream([from]);
        return [.. graph.Graph.Reaching([to]).SelectMany(n => n.Output).Where(o => o != from && behind.Contains(o))];
    }

    private void FactorisationMachine(NodeProto node)
    {
        if (
            Squared(node.Input[0]) is { } sum
            && graph.Graph.Producer(sum) is { OpType: "ReduceSum" } total
            && graph.Graph.Producer(node.Input[1]) is { OpType: "ReduceSum" } squares
            && Squared(squares.Input[0]) == total.Input[0]
        )
            Add(
                Layer(
                    node.Output[0],
                    LayerKind.FactorisationMachine,
                    "factorisation machine: pairwise products by dimension"
                )
            );
    }

    private string? Squared(string value) =>
        graph.Graph.Producer(value) switch
        {
            { OpType: "Mul" } mul when mul.Input[0] == mul.Input[1] => mul.Input[0],
            { OpType: "Pow" } pow
                when graph.Graph.Constant(pow.Input[1]) is { Count: 1 } two && two.ToDoubles()[0] == 2 => pow.Input[0],
            _ => null,
        };
}
