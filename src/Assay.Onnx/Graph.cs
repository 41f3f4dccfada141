using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>
/// A graph with its connections indexed: who produces a value, who consumes it, what is constant. Edits keep the index;
/// values of an enclosing graph that a subgraph captures count as consumed by the node that holds the subgraph.
/// </summary>
public sealed class Graph
{
    private readonly Dictionary<string, NodeProto> producers = [];
    private readonly Dictionary<string, List<NodeProto>> consumers = [];
    private readonly Dictionary<string, TensorProto> initialisers = [];
    private readonly Dictionary<string, int> suffixes = [];
    private readonly HashSet<string> inputs = [];
    private readonly HashSet<string> names = [];

    /// <summary>Indexes <paramref name="proto"/>, which stays the storage of this graph.</summary>
    public Graph(GraphProto proto, string? folder = null)
    {
        Proto = proto;
        Folder = folder;
        foreach (var tensor in proto.Initializer)
            initialisers[tensor.Name] = tensor;
        foreach (var input in proto.Input)
            inputs.Add(input.Name);
        foreach (var node in proto.Node)
            Index(node);
        names.UnionWith(inputs);
        names.UnionWith(initialisers.Keys);
        names.UnionWith(proto.SparseInitializer.Select(t => t.Values?.Name ?? ""));
        names.UnionWith(proto.Node.SelectMany(Subgraphs.AllNames));
    }

    /// <summary>The wire form behind this graph.</summary>
    public GraphProto Proto { get; }

    /// <summary>The folder that external data are read from; null for a model that came as bytes.</summary>
    public string? Folder { get; }

    /// <summary>The nodes in file order.</summary>
    public IReadOnlyList<NodeProto> Nodes => Proto.Node;

    /// <summary>The inputs a caller must feed: those that no initialiser fills (IR 3 repeats initialisers as inputs).</summary>
    public IEnumerable<ValueInfoProto> Inputs => Proto.Input.Where(i => !initialisers.ContainsKey(i.Name));

    /// <summary>The outputs.</summary>
    public IReadOnlyList<ValueInfoProto> Outputs => Proto.Output;

    /// <summary>The node that produces a value; null for inputs, initialisers and unknown names.</summary>
    public NodeProto? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value, directly or inside their subgraphs.</summary>
    public IReadOnlyList<NodeProto> Consumers(string value) => consumers.TryGetValue(value, out var list) ? list : [];

    /// <summary>Whether a caller feeds this value.</summary>
    public bool IsInput(string value) => inputs.Contains(value) && !initialisers.ContainsKey(value);

    /// <summary>Whether the value is an input, an initialiser or produced by a node.</summary>
    public bool Defines(string value) =>
        inputs.Contains(value)
        || initialisers.ContainsKey(value)
        || producers.ContainsKey(value)
        || Proto.SparseInitializer.Any(t => t.Values?.Name == value);

    /// <summary>The initialiser of that name, or null.</summary>
    public TensorProto? Initialiser(string value) => initialisers.GetValueOrDefault(value);

    /// <summary>Whether the value is an initialiser or the output of a Constant node.</summary>
    public bool IsConstant(string value) =>
        initialisers.ContainsKey(value) || Producer(value) is { OpType: "Constant" };

    /// <summary>The value's tensor where it is constant (initialiser, Constant, Identity of one), else null.</summary>
    public TensorData? Constant(string value)
    {
        if (initialisers.TryGetValue(value, out var tensor))
            return TensorReader.Read(tensor, Folder);
        var node = Producer(value);
        // A loop and not recursion: a hostile file may chain a million of them.
        while (node is { OpType: "Identity" })
        {
            if (initialisers.TryGetValue(node.InputAt(0), out tensor))
                return TensorReader.Read(tensor, Folder);
            node = Producer(node.InputAt(0));
        }
        return node is { OpType: "Constant" } ? ConstantNode.Read(node, Folder) : null;
    }

    /// <summary>A name that nothing in the graph or its subgraphs carries yet; it is reserved.</summary>
    public string FreshName(string stem)
    {
        if (names.Add(stem))
            return stem;
        string name;
        var n = suffixes.GetValueOrDefault(stem);
        do name = $"{stem}_{++n}";
        while (!names.Add(name));
        suffixes[stem] = n;
        return name;
    }

    /// <summary>Adds a node at the end. Call <see cref="SortTopologically"/> before writing if a reader stands earlier.</summary>
    public void Add(NodeProto node)
    {
        Proto.Node.Add(node);
        Index(node);
    }

    /// <summary>Removes a node; its outputs become undefined.</summary>
    public void Remove(NodeProto node)
    {
        // By reference: RepeatedField.Remove would compare whole messages.
        for (var i = 0; i < Proto.Node.Count; i++)
            if (ReferenceEquals(Proto.Node[i], node))
            {
                Proto.Node.RemoveAt(i);
                break;
            }
        Forget(node);
    }

    /// <summary>Adds an initialiser under a fresh name made from <paramref name="stem"/> and returns the name.</summary>
    public string AddInitialiser(string stem, TensorData tensor)
    {
        var name = FreshName(stem);
        SetInitialiser(name, tensor);
        return name;
    }

    /// <summary>Adds or replaces the initialiser called <paramref name="name"/>.</summary>
    public void SetInitialiser(string name, TensorData tensor) => SetInitialiser(tensor.ToProto(name));

    /// <summary>Adds or replaces the initialiser of the tensor's name; external data stay external.</summary>
    public void SetInitialiser(TensorProto tensor)
    {
        var name = tensor.Name;
        if (initialisers.ContainsKey(name))
            for (var i = Proto.Initializer.Count - 1; i >= 0; i--)
                if (Proto.Initializer[i].Name == name)
                    Proto.Initializer.RemoveAt(i);
        names.Add(name);
        initialisers[name] = tensor;
        Proto.Initializer.Add(tensor);
    }

    /// <summary>Adds a graph input.</summary>
    public void AddInput(ValueInfoProto info)
    {
        names.Add(info.Name);
        inputs.Add(info.Name);
        Proto.Input.Add(info);
    }

    /// <summary>Adds a graph output.</summary>
    public void AddOutput(ValueInfoProto info) => Proto.Output.Add(info);

    /// <summary>
    /// Gives a value another name wherever it is defined, read, captured or returned. Throws where the value does not
    /// exist or the name is taken.
    /// </summary>
    public void Rename(string value, string name)
    {
        if (!Defines(value))
            throw AssayException.Usage($"The graph has no value '{value}' to rename.");
        if (name.Length == 0 || !names.Add(name))
            throw AssayException.Usage($"Value '{value}' cannot be called '{name}': the name is empty or taken.");
        ReplaceUses(value, name);
        if (Producer(value) is { } producer)
        {
            Forget(producer);
            RenameOutput(producer, value, name);
            Index(producer);
        }
        if (initialisers.Remove(value, out var tensor))
            (tensor.Name, initialisers[name]) = (name, tensor);
        foreach (var sparse in Proto.SparseInitializer.Where(t => t.Values?.Name == value))
            sparse.Values.Name = name;
        if (inputs.Remove(value))
            inputs.Add(name);
        foreach (var info in Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo).Where(i => i.Name == value))
            info.Name = name;
    }

    /// <summary>
    /// Cuts the graph at a value: it becomes an input, declared by <paramref name="info"/>, and what only served to
    /// compute it goes. Throws where no node produces it.
    /// </summary>
    public void CutAt(ValueInfoProto info)
    {
        var producer =
            Producer(info.Name)
            ?? throw AssayException.Usage($"The graph cannot be cut at '{info.Name}': no node produces it.");
        Forget(producer);
        RenameOutput(producer, info.Name, FreshName(info.Name + "_before"));
        Index(producer);
        AddInput(info);
        PruneUnreachable();
    }

    /// <summary>
    /// Makes every node but <paramref name="except"/> read <paramref name="replacement"/> instead of
    /// <paramref name="value"/>, also inside subgraphs. Graph outputs keep their names.
    /// </summary>
    public void ReplaceUses(string value, string replacement, params NodeProto[] except)
    {
        foreach (var node in Consumers(value).Where(n => !except.Any(e => ReferenceEquals(e, n))).ToArray())
        {
            Forget(node);
            Subgraphs.RenameReads(node, value, replacement);
            Index(node);
        }
    }

    /// <summary>Removes nodes, initialisers and value infos that no output needs. Inputs stay.</summary>
    public void PruneUnreachable()
    {
        var live = Reaching(Proto.Output.Select(o => o.Name));
        foreach (var node in Nodes.Where(n => !live.Contains(n)).ToArray())
            Forget(node);
        var kept = Nodes.Where(live.Contains).ToArray();
        Proto.Node.Clear();
        Proto.Node.AddRange(kept);
        var used = kept.SelectMany(Subgraphs.Reads).Concat(Proto.Output.Select(o => o.Name)).ToHashSet();
        KeepOnly(used);
    }

    /// <summary>Every node that one of <paramref name="values"/> depends on.</summary>
    public IReadOnlySet<NodeProto> Reaching(IEnumerable<string> values)
    {
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(values);
        while (open.TryPop(out var value))
            if (Producer(value) is { } node && seen.Add(node))
                foreach (var read in Subgraphs.Reads(node))
                    open.Push(read);
        return seen;
    }

    /// <summary>The values that depend on one of <paramref name="sources"/>, those included.</summary>
    public IReadOnlySet<string> Downstream(IEnumerable<string> sources)
    {
        var seen = new HashSet<string>(sources);
        var open = new Stack<string>(seen);
        while (open.TryPop(out var value))
            foreach (var node in Consumers(value))
            foreach (var output in node.Output)
                if (output.Length > 0 && seen.Add(output))
                    open.Push(output);
        return seen;
    }

    /// <summary>
    /// Orders the nodes so that each stands behind those it reads, keeping file order otherwise. Throws
    /// <see cref="AssayException"/> naming a node on a cycle.
    /// </summary>
    public void SortTopologically()
    {
        var sorted = TopologicalOrder.Of(this);
        Proto.Node.Clear();
        Proto.Node.AddRange(sorted);
    }

    private static void RenameOutput(NodeProto node, string value, string name)
    {
        for (var i = 0; i < node.Output.Count; i++)
            if (node.Output[i] == value)
                node.Output[i] = name;
    }

    private void KeepOnly(HashSet<string> used)
    {
        var tensors = Proto.Initializer.Where(t => used.Contains(t.Name)).ToArray();
        foreach (var tensor in Proto.Initializer.Where(t => !used.Contains(t.Name)))
        {
            initialisers.Remove(tensor.Name);
            // An IR 3 input that repeats the initialiser would otherwise become an input to feed.
            if (inputs.Remove(tensor.Name))
                Proto.Input.Remove(Proto.Input.First(i => i.Name == tensor.Name));
        }
        Proto.Initializer.Clear();
        Proto.Initializer.AddRange(tensors);
        var infos = Proto.ValueInfo.Where(v => producers.ContainsKey(v.Name)).ToArray();
        Proto.ValueInfo.Clear();
        Proto.ValueInfo.AddRange(infos);
    }

    private void Index(NodeProto node)
    {
        foreach (var output in node.Output)
            if (output.Length > 0)
            {
                producers.TryAdd(output, node);
                names.Add(output);
            }
        foreach (var read in Subgraphs.Reads(node).Distinct())
        {
            if (!consumers.TryGetValue(read, out var list))
                consumers[read] = list = [];
            list.Add(node);
        }
    }

    private void Forget(NodeProto node)
    {
        foreach (var output in node.Output)
            if (producers.GetValueOrDefault(output) == node)
                producers.Remove(output);
        foreach (var read in Subgraphs.Reads(node).Distinct())
            if (consumers.TryGetValue(read, out var list))
                list.RemoveAll(n => ReferenceEquals(n, node));
    }
}
