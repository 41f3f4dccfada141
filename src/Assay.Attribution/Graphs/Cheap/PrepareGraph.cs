using Assay.Onnx;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>
/// An output of <see cref="CoalitionGraph.Prepare"/>. Of players with equally many elements: what each contributes to some
/// values, [players, rows, columns]. Of an entry: the entry itself, [rows, columns], and no players.
/// </summary>
/// <param name="Players">The players; empty for an entry.</param>
/// <param name="Columns">Where each played value's columns begin.</param>
/// <param name="Width">Columns in all.</param>
internal sealed record PreparedPart(int[] Players, IReadOnlyList<(int Value, int From)> Columns, int Width);

/// <summary>Builds <see cref="CoalitionGraph.Prepare"/>.</summary>
internal static class PrepareGraph
{
    public static (OnnxModel Model, PreparedPart[] Parts) Build(
        MovedModel moved,
        IReadOnlyList<AffineMap> maps,
        IReadOnlyList<Entry> entries
    )
    {
        var model = moved.Model.Clone();
        var emit = new Emitter(model.Graph, model.Opset, moved.Type, "assay/prepare");
        model.Graph.Proto.Output.Clear();
        var parts = new List<PreparedPart>();
        var flat = new Dictionary<string, string>();
        string Flat(Entry entry)
        {
            if (!flat.TryGetValue(entry.Value, out var value))
                flat[entry.Value] = value = emit.Reshape(
                    entry.Type == moved.Type ? entry.Value : emit.Cast(entry.Value, moved.Type),
                    -1,
                    entry.Width
                );
            return value;
        }
        void Return(string value, PreparedPart part)
        {
            var name = emit.Named(CoalitionGraph.PartPrefix + parts.Count, "Identity", [value]);
            model.Graph.AddOutput(ValueInfos.Tensor(name, moved.Type, null));
            parts.Add(part);
        }
        // Values of the same entries take one product.
        foreach (
            var alike in maps.Select((m, k) => (Map: m, Value: k))
                .GroupBy(x => string.Join('\n', x.Map.Entries.Select(e => e.Value)))
        )
        {
            var elements = emit.Concat([.. alike.First().Map.Entries.Select(Flat)], 1);
            foreach (var (value, part) in Products(emit, elements, [.. alike]))
                Return(value, part);
        }
        for (var k = 0; k < entries.Count; k++)
            Return(Flat(entries[k]), new([], [(maps.Count + k, 0)], entries[k].Width));
        model.Graph.Proto.ValueInfo.Clear();
        model.Graph.PruneUnreachable();
        model.Graph.SortTopologically();
        return (model, [.. parts]);
    }

    // Each player's elements times their coefficients, players of equally many elements at once.
    private static IEnumerable<(string Value, PreparedPart Part)> Products(
        Emitter emit,
        string elements,
        (AffineMap Map, int Value)[] alike
    )
    {
        var owners = alike[0].Map.Owners;
        var players = alike.SelectMany(a => CoalitionGraph.Used(a.Map)).Distinct().Order().ToArray();
        var own = players.ToDictionary(
            p => p,
            p => Enumerable.Range(0, owners.Length).Where(e => owners[e] == p).ToArray()
        );
        var columns = new List<(int, int)>();
        var width = 0;
        foreach (var (map, value) in alike)
        {
            columns.Add((value, width));
            width += map.Constant.Length;
        }
        foreach (var group in players.GroupBy(p => own[p].Length))
        {
            var (count, size) = (group.Count(), group.Key);
            int[] picked = [.. group.SelectMany(p => own[p])];
            var coefficients = TensorData
                .From([.. picked.SelectMany(e => alike.SelectMany(a => a.Map.Rows[e]))], count, size, width)
                .Cast(emit.FloatType);
            var rows = emit.Reshape(Pick(emit, elements, picked, owners.Length), -1, count, size);
            var products = emit.MatMul(emit.Transpose(rows, 1, 0, 2), emit.Constant(coefficients));
            yield return (products, new([.. group], columns, width));
        }
    }

    private static string Pick(Emitter emit, string elements, int[] picked, int total)
    {
        if (!picked.SequenceEqual(Enumerable.Range(picked[0], picked.Length)))
            return emit.Gather(elements, emit.Int64s(Array.ConvertAll(picked, e => (long)e)), 1);
        return picked.Length == total ? elements : emit.Slice(elements, [picked[0]], [picked[0] + picked.Length], [1]);
    }
}
