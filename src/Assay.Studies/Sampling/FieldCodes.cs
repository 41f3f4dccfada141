using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// A field's values as keys, a column for each thing that a simple rule may look at: an id itself; a number in bins of equal
/// size; of a list its newest entry and how many it has.
/// </summary>
internal sealed class FieldCodes
{
    public const int Bins = 20;

    // Beyond it, values share a key with others that hash alike.
    private const ulong MostKeys = 1 << 20;
    private readonly BoundFeature feature;
    private readonly double[][] edges;

    /// <param name="feature">The field.</param>
    /// <param name="fitted">The rows whose quantiles cut numbers.</param>
    public FieldCodes(BoundFeature feature, PreparedReader fitted)
    {
        this.feature = feature;
        edges = feature.Entry.HasIds
            ? []
            : [.. feature.Elements.Select((_, e) => Edges(fitted.ReadAllValues(feature, e)))];
    }

    /// <summary>The columns of keys of a split's rows.</summary>
    public ulong[][] Of(PreparedReader reader)
    {
        var elements = feature.Elements.Select((_, e) => reader.ReadAllValues(feature, e)).ToArray();
        if (!feature.Entry.HasIds)
            return [.. elements.Select((v, e) => Binned(v, edges[e]))];
        return elements.Length == 1 ? [Array.ConvertAll(elements[0], Key)] : [Newest(elements), Length(elements)];
    }

    /// <summary>Numbers as the bins that edges cut; values equal to an edge lie above it.</summary>
    public static ulong[] Binned(double[] values, double[] edges) =>
        Array.ConvertAll(values, v => (ulong)Below(edges, v));

    /// <summary>Distinct inner edges of bins of equal size.</summary>
    public static double[] Edges(double[] values, int bins = Bins)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var found = Enumerable.Range(1, bins - 1).Select(k => sorted[(int)((long)k * sorted.Length / bins)]);
        return [.. found.Distinct().Where(e => e > sorted[0])];
    }

    private static int Below(double[] edges, double value)
    {
        var at = Array.BinarySearch(edges, value);
        return at >= 0 ? at + 1 : ~at;
    }

    private static ulong Key(double id)
    {
        var key = unchecked((ulong)(long)id);
        return key < MostKeys ? key : MostKeys + StableHash.Of(key) % MostKeys;
    }

    private bool IsEntry(double id) => id != (feature.Entry.PaddingId ?? double.NaN);

    private ulong[] Newest(double[][] elements)
    {
        var keys = new ulong[elements[0].Length];
        for (var r = 0; r < keys.Length; r++)
        {
            var newest = double.NaN;
            foreach (var element in elements)
                if (IsEntry(element[r]) && (double.IsNaN(newest) || !feature.Entry.KeepsFirst))
                    newest = element[r];
            keys[r] = double.IsNaN(newest) ? ulong.MaxValue : Key(newest);
        }
        return keys;
    }

    private ulong[] Length(double[][] elements)
    {
        var lengths = new ulong[elements[0].Length];
        foreach (var element in elements)
            for (var r = 0; r < lengths.Length; r++)
                lengths[r] += IsEntry(element[r]) ? 1UL : 0;
        return lengths;
    }
}
