using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Studies;

/// <summary>The table that an input element's id is looked up in.</summary>
/// <param name="Name">Name of the initialiser.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="IsDirect">Whether the id reaches the lookup as it is, so that it must lie below <paramref name="Rows"/>.</param>
internal sealed record LookupTable(string Name, long Rows, bool IsDirect);

/// <summary>Finds the tables behind the ids of a model's inputs, the smallest where there are several.</summary>
internal static class LookupTables
{
    private static readonly HashSet<string> Moves =
    [
        "Gather",
        "Slice",
        "Split",
        "Squeeze",
        "Unsqueeze",
        "Reshape",
        "Flatten",
        "Transpose",
        "Concat",
        "Cast",
        "Identity",
    ];

    /// <summary>By input element; empty for a model whose lookups are not recognised.</summary>
    public static IReadOnlyDictionary<InputElement, LookupTable> Find(OnnxModel model)
    {
        var found = new Dictionary<InputElement, LookupTable>();
        try
        {
            var (prepared, shapes) = ModelPreparation.Prepare(model);
            foreach (var point in AttributionPoints.Find(prepared, shapes, EntryPoint.Raw))
                if (point.Kind == PointKind.Lookup && Table(prepared.Graph, point.Value) is { } table)
                    foreach (var element in point.Positions)
                        if (!found.TryGetValue(element, out var known) || table.Rows < known.Rows)
                            found[element] = table;
        }
        catch (AssayException)
        {
            // Such a model can still be studied by permutation; only these checks fall away.
        }
        return found;
    }

    /// <summary>
    /// The binding with each vocabulary at most as large as the table, where ids reach it unchanged: what lies beyond is
    /// then found in the data, with file, row and column.
    /// </summary>
    public static DictionaryBinding Complete(DictionaryBinding binding, OnnxModel model)
    {
        if (!binding.Features.Any(f => f.Entry.HasIds))
            return binding;
        var tables = Find(model);
        BoundFeature Completed(BoundFeature f)
        {
            var sizes = f
                .Elements.Select(e => tables.GetValueOrDefault(new InputElement(f.Input.Name, e)))
                .OfType<LookupTable>()
                .Where(t => t.IsDirect)
                .Select(t => t.Rows)
                .ToArray();
            return f.Entry.HasIds && sizes.Length > 0 && !(f.Entry.VocabularySize <= sizes.Min())
                ? f with
                {
                    Entry = f.Entry with { VocabularySize = sizes.Min() },
                }
                : f;
        }
        return new DictionaryBinding(binding.Inputs, [.. binding.Features.Select(Completed)]);
    }

    private static LookupTable? Table(Graph graph, string value)
    {
        if (graph.Producer(value) is not { OpType: "Gather" } gather)
            return null;
        if (graph.Initialiser(gather.Input[0]) is not { } tensor || tensor.Dims.Count == 0)
            return null;
        return new LookupTable(tensor.Name, tensor.Dims[0], IsDirect(graph, gather.Input[1]));
    }

    private static bool IsDirect(Graph graph, string value)
    {
        while (!graph.IsInput(value))
        {
            if (graph.Producer(value) is not NodeProto node || !Moves.Contains(node.OpType))
                return false;
            var next = node.Input.Where(i => i.Length > 0 && !graph.IsConstant(i)).ToArray();
            // A second variable input would have to be followed too; such a path is not taken to be direct.
            if (next.Length != 1)
                return false;
            value = next[0];
        }
        return true;
    }
}
