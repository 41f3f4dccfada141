using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>
/// A value that is affine in entries, with constant coefficients: v = constant + Σ over elements e of (entry element e) · row e.
/// Found by running the part of the graph between on unit vectors.
/// </summary>
/// <param name="Value">Its name.</param>
/// <param name="Rest">Its dimensions behind the rows.</param>
/// <param name="Entries">The entries it depends on; their elements in this order are the rows of <paramref name="Rows"/>.</param>
/// <param name="Constant">The value where all entries are 0.</param>
/// <param name="Rows">Coefficients, [elements][width].</param>
internal sealed record AffineMap(
    string Value,
    long[] Rest,
    IReadOnlyList<Entry> Entries,
    double[] Constant,
    double[][] Rows
)
{
    // Rows that go to ONNX Runtime at once.
    private const int Part = 256;

    /// <summary>The player of each element.</summary>
    public int[] Owners => [.. Entries.SelectMany(e => e.Owners)];

    /// <summary>Maps of some values of a graph behind entries; in double precision where it has kernels for it.</summary>
    public static AffineMap[] Extract(
        OnnxModel behind,
        ShapeTable shapes,
        IReadOnlyList<Entry> entries,
        string[] values
    )
    {
        if (values.Length == 0)
            return [];
        var part = behind.Clone();
        part.Proto.Graph.Output.Clear();
        foreach (var value in values)
            part.Graph.AddOutput(ValueInfos.Tensor(value, shapes.TryGet(value)!.Type, null));
        part.Proto.Graph.ValueInfo.Clear();
        part.Graph.PruneUnreachable();
        var read = part.Graph.Nodes.SelectMany(Subgraphs.Reads).ToHashSet();
        Entry[] own = [.. entries.Where(e => read.Contains(e.Value))];
        part = SinglePlayerCut.WithInputs(part, own.Select(e => e.Value).ToHashSet());
        var results = InDouble(part) is { } wide ? Run(wide, own, values) : Run(Session.Open(part), own, values);
        return [.. values.Select(v => Of(v, part, shapes, own, results[v]))];
    }

    private static Session? InDouble(OnnxModel part)
    {
        try
        {
            return Session.Open(Precision.ToDouble(part));
        }
        catch (AssayException)
        {
            return null;
        }
    }

    // Row 0 is the value at zero, row 1 + e that at the unit vector of element e.
    private static Dictionary<string, double[][]> Run(Session session, Entry[] entries, string[] values)
    {
        using var _ = session;
        var total = 1 + entries.Sum(e => e.Width);
        var results = values.ToDictionary(v => v, _ => new double[total][]);
        for (var from = 0; from < total; from += Part)
        {
            var count = Math.Min(Part, total - from);
            var feeds = new Dictionary<string, TensorData>();
            var first = 1;
            foreach (var entry in entries)
            {
                var unit = new double[count * entry.Width];
                for (var r = Math.Max(0, first - from); r < count && from + r < first + entry.Width; r++)
                    unit[r * entry.Width + from + r - first] = 1;
                var type = session.Inputs.First(i => i.Name == entry.Value).ElementType();
                feeds[entry.Value] = TensorData.From(unit, [count, .. entry.Rest]).Cast(type);
                first += entry.Width;
            }
            foreach (var (name, result) in session.Run(feeds, values))
            {
                var numbers = result.ToDoubles();
                var width = numbers.Length / count;
                for (var r = 0; r < count; r++)
                    results[name][from + r] = numbers.AsSpan(r * width, width).ToArray();
            }
        }
        return results;
    }

    private static AffineMap Of(string value, OnnxModel part, ShapeTable shapes, Entry[] entries, double[][] results)
    {
        var nodes = part.Graph.Reaching([value]);
        var constant = results[0];
        var used = new List<Entry>();
        var rows = new List<double[]>();
        var at = 1;
        foreach (var entry in entries)
        {
            if (part.Graph.Consumers(entry.Value).Any(nodes.Contains))
            {
                used.Add(entry);
                for (var e = 0; e < entry.Width; e++)
                    rows.Add([.. results[at + e].Zip(constant, (v, c) => v - c)]);
            }
            at += entry.Width;
        }
        long[] rest = [.. shapes.TryGet(value)!.Dims.Skip(1).Select(d => d.Size!.Value)];
        return new(value, rest, used, constant, [.. rows]);
    }
}
