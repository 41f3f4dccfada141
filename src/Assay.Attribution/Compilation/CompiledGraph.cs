using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Compilation;

/// <summary>The user's model with what explains it: parts are added, outputs named, and what they share is joined.</summary>
internal sealed class CompiledGraph
{
    private readonly ExplainedModel explained;
    private readonly OnnxModel model;
    private readonly object rows;

    public CompiledGraph(ExplainedModel explained)
    {
        this.explained = explained;
        model = explained.Prepared.Clone();
        Emit = new Emitter(model.Graph, model.Opset, explained.Type, "assay");
        var first = explained.Shapes.TryGet(explained.Head.Value)?.Dims is [var dim, ..] ? dim : Dim.Unknown;
        rows = first.Size ?? (object)(first.Symbol ?? "batch");
    }

    /// <summary>Adds to the model.</summary>
    public Emitter Emit { get; }

    /// <summary>Adds a graph that reads rows, every feature being present; returns the names of its outputs here.</summary>
    public IReadOnlyDictionary<string, string> Add(OnnxModel part)
    {
        var feeds = new Dictionary<string, string>();
        if (part.Graph.IsInput(AttributionGraph.Present))
        {
            var all = explained.All(1);
            feeds[AttributionGraph.Present] = Emit.Constant(TensorData.From(all, 1, all.Length).Cast(explained.Type));
        }
        return GraphParts.Add(model.Graph, BaselineInputs.Embed(part, explained), feeds);
    }

    /// <summary>
    /// Returns a value under a name of the caller's choice, or one like it where the model uses that already. Dimensions
    /// are those behind the rows.
    /// </summary>
    public string Return(string name, string value, bool isIndex, params object[] dims)
    {
        var free = model.Graph.FreshName(name);
        Emit.Named(free, "Identity", [value]);
        var type = isIndex ? Onnx.Wire.TensorProto.Types.DataType.Int64 : explained.Type;
        model.Graph.AddOutput(ValueInfos.Tensor(free, type, [rows, .. dims]));
        return free;
    }

    /// <summary>The model, sorted, with constants computed beforehand and everything else computed once.</summary>
    public OnnxModel Finish()
    {
        model.Proto.Graph.ValueInfo.Clear();
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
        var joined = EqualNodes.Join(ConstantFolder.Fold(model));
        joined.Graph.SortTopologically();
        return joined;
    }
}
