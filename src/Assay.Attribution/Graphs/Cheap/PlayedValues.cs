using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>
/// Chooses which values of a coalition are put together from the players' contributions: the last affine ones, each where
/// adding contributions costs less than computing it, else what it is computed from.
/// </summary>
internal static class PlayedValues
{
    // Coefficients of one value.
    private const long MaximumMap = 1 << 24;

    /// <summary>
    /// Affine values and entries that the rest of the graph reads. Splits products of the graph by blocks; leaves it sorted.
    /// </summary>
    public static (AffineMap[] Maps, Entry[] Entries) Choose(
        OnnxModel behind,
        ShapeTable shapes,
        IReadOnlyList<Entry> entries,
        string batch,
        string target
    )
    {
        string[] sources = [.. entries.Where(e => e.IsFloat).Select(e => e.Value)];
        string[] others = [.. entries.Where(e => !e.IsFloat).Select(e => e.Value)];
        var byName = entries.ToDictionary(e => e.Value);
        var left = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var limits = new AffineLimits(others, left);
        AffineBlocks.Split(behind, shapes, sources, target, limits);
        while (true)
        {
            var front = AffineFront.Find(behind.Graph, sources, target, limits);
            var last = front.Frontier.Where(v => !byName.ContainsKey(v)).ToArray();
            if (last.FirstOrDefault(v => !Pays(behind.Graph, shapes, byName, batch, front, v)) is { } costly)
            {
                left.Add(behind.Graph.Producer(costly)!);
                continue;
            }
            var read = Read(behind.Graph, target, last);
            return (AffineMap.Extract(behind, shapes, entries, last), [.. entries.Where(e => read.Contains(e.Value))]);
        }
    }

    private static bool Pays(
        Graph graph,
        ShapeTable shapes,
        Dictionary<string, Entry> entries,
        string batch,
        AffineFront front,
        string value
    )
    {
        if (
            shapes.TryGet(value)?.Dims is not [{ Symbol: { } symbol }, .. var rest]
            || symbol != batch
            || rest.Any(d => d.Size is null)
        )
            return false;
        var width = rest.Aggregate(1L, (p, d) => p * d.Size!.Value);
        var nodes = graph.Reaching([value]);
        var own = entries.Values.Where(e => graph.Consumers(e.Value).Any(nodes.Contains)).ToArray();
        if (own.Sum(e => (long)e.Width) * width > MaximumMap)
            return false;
        // Entries that only this value needs are not put together if it is.
        var alone = own.Where(e => !front.Frontier.Contains(e.Value)).Sum(AddingUp);
        return Adding(own.SelectMany(e => e.Owners), width) <= NodeCost.Of(nodes, shapes) + alone;
    }

    /// <summary>Multiply-adds of adding up an entry.</summary>
    public static double AddingUp(Entry entry) => Adding(entry.Owners, entry.Width);

    /// <summary>Multiply-adds of adding up a value of some width.</summary>
    public static double Adding(IEnumerable<int> owners, long width) => (owners.Distinct().Count() + 1.0) * width;

    // What the target needs once some values are given.
    private static HashSet<string> Read(Graph graph, string target, string[] given)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([target]);
        while (open.TryPop(out var value))
            if (seen.Add(value) && !given.Contains(value) && graph.Producer(value) is { } node)
                foreach (var read in Subgraphs.Reads(node))
                    open.Push(read);
        return seen;
    }
}
