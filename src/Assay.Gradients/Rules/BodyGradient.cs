using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Rules;

/// <summary>
/// The body of a Loop or a branch of an If, copied and extended by the gradients of what it captures from the graph
/// around it. Names made inside carry the name of the node, as a subgraph may not repeat one of the graph around it.
/// </summary>
internal sealed class BodyGradient
{
    private readonly RuleContext c;
    private readonly OnnxModel model;
    private readonly HashSet<string> given;
    private readonly ShapeTable shapes;

    /// <summary>Copies a body; nothing is differentiated yet.</summary>
    public BodyGradient(RuleContext c, GraphProto body, IReadOnlyList<string> wanted)
    {
        this.c = c;
        var copy = body.Clone();
        given = [.. copy.Node.SelectMany(n => n.Output), .. copy.Initializer.Select(t => t.Name)];
        given.UnionWith(copy.Input.Select(i => i.Name));
        Inputs = [.. copy.Input.Select(i => i.Name)];
        Outputs = [.. copy.Output.Select(o => o.Name)];
        Captures = [.. Subgraphs.Captures(body)];
        var proto = new ModelProto { IrVersion = 8, Graph = copy };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = c.Emit.Opset });
        shapes = Shapes(new OnnxModel(proto.Clone(), c.Emit.Graph.Folder));
        // Declared as long as nodes are added: their types, and so that nothing new takes their names.
        var seeds = Enumerable.Range(0, c.Node.Output.Count).Select(c.OutputGradient).OfType<string>();
        foreach (var read in Captures.Concat(seeds).Distinct())
            copy.Input.Add(
                (wanted.Contains(read) ? c.FloatType(read) : c.KnownType(read)) is { } type
                    ? ValueInfos.Tensor(read, type, null)
                    : new ValueInfoProto { Name = read }
            );
        model = new OnnxModel(proto, c.Emit.Graph.Folder);
    }

    /// <summary>The body's own inputs and outputs.</summary>
    public string[] Inputs { get; }

    /// <inheritdoc cref="Inputs"/>
    public string[] Outputs { get; }

    /// <summary>What the body reads from outside.</summary>
    public HashSet<string> Captures { get; }

    /// <summary>The body's nodes.</summary>
    public Graph Graph => model.Graph;

    /// <summary>Adds nodes to the body.</summary>
    public Emitter Emit(DataType type) => new(model.Graph, c.Emit.Opset, type, "inner");

    /// <summary>Whether the body computes a value.</summary>
    public bool Computes(string value) => Graph.Defines(value);

    /// <summary>Adds ∂⟨seeds, outputs⟩/∂value for each value; outputs that the body does not compute carry nothing.</summary>
    public IReadOnlyDictionary<string, string> Differentiate(
        IReadOnlyList<(string Output, string Seed)> seeds,
        IReadOnlyList<string> wrt
    )
    {
        var targets = seeds.Where(s => Computes(s.Output)).Select(s => (s.Output, (string?)s.Seed)).ToArray();
        return ReverseMode.Differentiate(model, targets, wrt, shapes);
    }

    // What is known outside, and the ranks inside, measured by running the body by itself where that is possible: sizes
    // may differ from iteration to iteration.
    private ShapeTable Shapes(OnnxModel alone)
    {
        foreach (var read in Captures)
        {
            if (c.Constant(read) is { } constant)
                alone.Proto.Graph.Initializer.Add(constant.ToProto(read));
            else if (c.Shape(read) is { } shape)
                alone.Proto.Graph.Input.Add(
                    ValueInfos.Tensor(read, shape.Type, [.. shape.Dims.Select(d => d.Size ?? (object?)d.Symbol)])
                );
            else
                return c.Shapes;
        }
        var table = c.Shapes.Copy();
        var measured = ShapeProbe.Measure(new OnnxModel(alone.Proto, alone.Folder));
        foreach (var value in alone.Graph.Nodes.SelectMany(n => n.Output))
            if (measured.TryGet(value) is { } shape)
                table.Set(value, shape with { Dims = [.. shape.Dims.Select(_ => Dim.Unknown)] });
        return table;
    }

    /// <summary>The body with other inputs and outputs, and with nothing in it that they do not need.</summary>
    public GraphProto Finish(IEnumerable<ValueInfoProto> inputs, IEnumerable<string> outputs)
    {
        var graph = model.Proto.Graph;
        graph.Input.Clear();
        graph.Input.AddRange(inputs);
        graph.Output.Clear();
        graph.Output.AddRange(outputs.Select(o => new ValueInfoProto { Name = o }));
        graph.ValueInfo.Clear();
        model.Graph.SortTopologically();
        model.Graph.PruneUnreachable();
        Rename(graph);
        graph.Name = $"gradient of {c.Node.Output[0]}";
        return graph;
    }

    private void Rename(GraphProto graph)
    {
        var names = graph
            .Node.SelectMany(n => n.Output)
            .Concat(graph.Initializer.Select(t => t.Name))
            .Where(n => n.Length > 0 && !given.Contains(n))
            .ToDictionary(n => n, n => $"{c.Node.Output[0]}/{n}");
        foreach (var node in graph.Node)
        {
            foreach (var read in Subgraphs.Reads(node).Where(names.ContainsKey).Distinct().ToArray())
                Subgraphs.RenameReads(node, read, names[read]);
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = names.GetValueOrDefault(node.Output[i], node.Output[i]);
            // Names of nodes must differ too.
            node.Name = node.Output.First(o => o.Length > 0);
        }
        foreach (var tensor in graph.Initializer)
            tensor.Name = names.GetValueOrDefault(tensor.Name, tensor.Name);
        foreach (var output in graph.Output)
            output.Name = names.GetValueOrDefault(output.Name, output.Name);
    }
}
