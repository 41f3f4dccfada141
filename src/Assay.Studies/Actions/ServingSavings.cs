using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Studies;

/// <summary>What serving a model without some features would save: counted in the graph, not timed.</summary>
/// <param name="TableBytes">Bytes of tables that only these features look up.</param>
/// <param name="LookupsPerRow">Lookups of a row that fall away.</param>
/// <param name="BytesReadPerRow">Bytes that these lookups read.</param>
/// <param name="ShareOfLookups">Of all lookups of a row.</param>
/// <param name="ShareOfBytesRead">Of all bytes that lookups of a row read.</param>
/// <param name="SharedTables">Tables that other features look up too, which therefore stay.</param>
/// <param name="Latency">What is known of the time saved: nothing is timed, since timings differ between runs.</param>
public sealed record ServingSavings(
    long TableBytes,
    int LookupsPerRow,
    long BytesReadPerRow,
    double ShareOfLookups,
    double ShareOfBytesRead,
    IReadOnlyList<string> SharedTables,
    string Latency
);

/// <summary>The lookups of a model by feature.</summary>
internal sealed class ServingCost
{
    private sealed record Lookup(string? Feature, string Table, long TableBytes, long BytesRead);

    // Counted only where some action asks.
    private readonly Lazy<IReadOnlyList<Lookup>> counted;

    private ServingCost(Func<IReadOnlyList<Lookup>> count) => counted = new(count);

    /// <summary>A model of which nothing is known.</summary>
    public static ServingCost Unknown { get; } = new(() => []);

    /// <summary>Counts in a model's graph; a model whose lookups are not recognised has none.</summary>
    public static ServingCost Of(OnnxModel model, DictionaryBinding binding) => new(() => Count(model, binding));

    private static List<Lookup> Count(OnnxModel model, DictionaryBinding binding)
    {
        var owners = binding
            .Features.SelectMany(f => f.Elements.Select(e => (new InputElement(f.Input.Name, e), f.Entry.Name)))
            .ToDictionary(p => p.Item1, p => p.Name);
        var found = new List<Lookup>();
        try
        {
            var (prepared, shapes) = ModelPreparation.Prepare(model);
            foreach (var point in AttributionPoints.Find(prepared, shapes, EntryPoint.Raw))
            {
                if (point.Kind != PointKind.Lookup || Table(prepared.Graph, point.Value) is not { } table)
                    continue;
                var size = Size(table.DataType);
                var bytes = table.Dims.Aggregate((long)size, (p, d) => p * d);
                foreach (var element in point.Positions)
                    found.Add(new(owners.GetValueOrDefault(element), table.Name, bytes, (long)point.Width * size));
            }
        }
        catch (AssayException)
        {
            // Such a model can still be studied; only this count falls away.
        }
        return found;
    }

    /// <summary>What falls away with some features; null where they look nothing up.</summary>
    public ServingSavings? Without(IReadOnlyCollection<string> features)
    {
        var lookups = counted.Value;
        var gone = lookups.Where(l => l.Feature is not null && features.Contains(l.Feature)).ToArray();
        if (gone.Length == 0)
            return null;
        var kept = lookups.Where(l => !gone.Contains(l)).Select(l => l.Table).ToHashSet();
        var tables = gone.DistinctBy(l => l.Table).OrderBy(l => l.Table, StringComparer.Ordinal).ToArray();
        var (read, all) = (gone.Sum(l => l.BytesRead), lookups.Sum(l => l.BytesRead));
        var share = (double)read / all;
        return new(
            tables.Where(t => !kept.Contains(t.Table)).Sum(t => t.TableBytes),
            gone.Length,
            read,
            (double)gone.Length / lookups.Count,
            share,
            [.. tables.Where(t => kept.Contains(t.Table)).Select(t => t.Table)],
            $"not measured; lookups that read {Text.Percent(share)} of the bytes fall away, and the first layer behind them narrows"
        );
    }

    private static TensorProto? Table(Graph graph, string value) =>
        graph.Producer(value) is { OpType: "Gather" } gather ? graph.Initialiser(gather.Input[0]) : null;

    private static int Size(int type) =>
        (TensorProto.Types.DataType)type switch
        {
            TensorProto.Types.DataType.Double
            or TensorProto.Types.DataType.Int64
            or TensorProto.Types.DataType.Uint64 => 8,
            TensorProto.Types.DataType.Float16
            or TensorProto.Types.DataType.Bfloat16
            or TensorProto.Types.DataType.Int16
            or TensorProto.Types.DataType.Uint16 => 2,
            TensorProto.Types.DataType.Int8 or TensorProto.Types.DataType.Uint8 or TensorProto.Types.DataType.Bool => 1,
            _ => 4,
        };
}
