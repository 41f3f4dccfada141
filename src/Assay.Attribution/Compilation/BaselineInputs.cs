using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Compilation;

/// <summary>Makes the baseline rows that a graph wants to be fed a part of the graph.</summary>
internal static class BaselineInputs
{
    /// <summary>Throws where the baseline is not one for all rows: a file can hold no other.</summary>
    public static void RequireOne(ExplainedModel explained)
    {
        if (explained.GivenBaseline?.FirstOrDefault(b => b.Value.Dims is not [1, ..]) is { Key: { } input } given)
            throw AssayException.Usage(
                $"The baseline has {(given.Value.Dims.Length == 0 ? 0 : given.Value.Dims[0])} rows of input '{input}'; a compiled model holds one row for all."
            );
    }

    /// <summary>The graph with the baseline's row as initialisers instead of inputs.</summary>
    public static OnnxModel Embed(OnnxModel model, ExplainedModel explained)
    {
        var inputs = model
            .Graph.Inputs.Where(i => i.Name.StartsWith(GraphCopies.BaselinePrefix, StringComparison.Ordinal))
            .ToArray();
        if (explained.GivenBaseline is not { } rows || inputs.Length == 0)
            return model;
        var proto = model.Proto.Clone();
        foreach (var input in inputs)
        {
            proto.Graph.Input.Remove(input);
            proto.Graph.Initializer.Add(rows[input.Name[GraphCopies.BaselinePrefix.Length..]].ToProto(input.Name));
        }
        return new OnnxModel(proto, model.Folder);
    }
}
