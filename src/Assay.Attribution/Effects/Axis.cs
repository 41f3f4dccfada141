using System.Globalization;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Effects;

/// <summary>
/// The positions of a feature. Each stands for the value of some row, the exemplar, from which the feature's elements are
/// copied: so numbers, ids, lists and groups are all one.
/// </summary>
internal sealed class Axis
{
    private const int LongestLabel = 40;

    private readonly int[] exemplars;
    private readonly int[] rest;
    private readonly ulong seed;

    private Axis(FeatureSlot slot, EffectAxis shown, int[] exemplars, int[] rest, int[] near, int[] step, ulong seed)
    {
        (Slot, Shown, this.exemplars, this.rest) = (slot, shown, exemplars, rest);
        (Near, Step, this.seed) = (near, step, seed);
    }

    public FeatureSlot Slot { get; }

    public EffectAxis Shown { get; }

    public int Count => Shown.Positions.Count;

    /// <summary>For each row its position, of a number the nearest; −1 where the value is missing.</summary>
    public int[] Near { get; }

    /// <summary>For each row the position where its step ends, 1 or more; −1 where it has none.</summary>
    public int[] Step { get; }

    /// <summary>The row whose value a row takes at a position; of the rest one of its rows by chance.</summary>
    public int Exemplar(int position, int row) =>
        exemplars[position] >= 0
            ? exemplars[position]
            : rest[CounterRandom.IntAt(seed, StableHash.Of("rest"), (ulong)row, rest.Length)];

    public static Axis Of(IReadOnlyDictionary<string, TensorData> rows, FeatureSlot slot, EffectSettings settings)
    {
        foreach (var element in slot.Elements)
            if (!rows.ContainsKey(element.Input))
                throw AssayException.Input(
                    $"Feature '{slot.Name}' reads input '{element.Input}', which the rows do not have."
                );
        var isNumber = slot.Elements is [var only] && ElementTypes.IsFloat(rows[only.Input].Type);
        return isNumber ? Numeric(rows, slot, settings) : Categorical(rows, slot, settings);
    }

    // Edges at quantiles, each a value that some row has.
    private static Axis Numeric(IReadOnlyDictionary<string, TensorData> rows, FeatureSlot slot, EffectSettings settings)
    {
        var values = Column(rows, slot.Elements[0]);
        int[] order =
        [
            .. Enumerable.Range(0, values.Length).Where(r => double.IsFinite(values[r])).OrderBy(r => values[r]),
        ];
        if (order.Length == 0)
            throw AssayException.Input($"Feature '{slot.Name}' has no value in any row.");
        var exemplars = new List<int>();
        for (var k = 0; k <= settings.Bins; k++)
        {
            var at = order[(int)((long)k * (order.Length - 1) / settings.Bins)];
            if (exemplars.Count == 0 || values[at] > values[exemplars[^1]])
                exemplars.Add(at);
        }
        double[] edges = [.. exemplars.Select(e => values[e])];
        var (near, step) = (new int[values.Length], new int[values.Length]);
        for (var r = 0; r < values.Length; r++)
            (near[r], step[r]) = Place(edges, values[r]);
        var positions = edges.Select(e => new EffectPosition(e.ToString("G6", CultureInfo.InvariantCulture), e));
        return new(slot, new(slot.Name, true, [.. positions]), [.. exemplars], [], near, step, settings.Seed);
    }

    private static (int Near, int Step) Place(double[] edges, double value)
    {
        if (!double.IsFinite(value))
            return (-1, -1);
        var at = Array.BinarySearch(edges, value);
        var upper = Math.Clamp(at >= 0 ? at : ~at, 0, edges.Length - 1);
        var near = upper > 0 && value - edges[upper - 1] < edges[upper] - value ? upper - 1 : upper;
        return (near, edges.Length == 1 ? -1 : Math.Max(1, upper));
    }

    private static Axis Categorical(
        IReadOnlyDictionary<string, TensorData> rows,
        FeatureSlot slot,
        EffectSettings settings
    )
    {
        var keys = Keys(rows, slot);
        var levels = keys.Select((k, r) => (Key: k, Row: r))
            .GroupBy(p => p.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, First: g.First().Row, Count: g.Count()))
            .OrderByDescending(l => l.Count)
            .ThenBy(l => l.Key.Length)
            .ThenBy(l => l.Key, StringComparer.Ordinal)
            .ToArray();
        // One level beyond the most is not called the rest: it has a name.
        var most = levels.Length <= settings.Levels + 1 ? levels.Length : settings.Levels;
        var shown = levels.Take(most).Where((l, i) => i == 0 || l.Count >= settings.LeastShare * keys.Length).ToArray();
        var number = shown.Select((l, i) => (l.Key, i)).ToDictionary(p => p.Key, p => p.i, StringComparer.Ordinal);
        var near = Array.ConvertAll(keys, k => number.GetValueOrDefault(k, shown.Length));
        int[] rest = [.. Enumerable.Range(0, keys.Length).Where(r => near[r] == shown.Length)];
        List<EffectPosition> positions =
        [
            .. shown.Select(l => new EffectPosition(Short(l.Key), double.NaN) { Text = l.Key }),
        ];
        List<int> exemplars = [.. shown.Select(l => l.First)];
        if (rest.Length > 0)
        {
            positions.Add(new(EffectPosition.Rest, double.NaN));
            exemplars.Add(-1);
        }
        var step = Array.ConvertAll(near, n => positions.Count == 1 ? -1 : Math.Max(1, n));
        return new(slot, new(slot.Name, false, positions), [.. exemplars], rest, near, step, settings.Seed);
    }

    private static string Short(string key) => key.Length <= LongestLabel ? key : key[..(LongestLabel - 1)] + "…";

    private static string[] Keys(IReadOnlyDictionary<string, TensorData> rows, FeatureSlot slot)
    {
        var count = (int)rows.Values.First().Dims[0];
        var keys = new string[count];
        var parts = new string[slot.Elements.Count];
        for (var r = 0; r < count; r++)
        {
            for (var e = 0; e < parts.Length; e++)
            {
                var (input, element) = (slot.Elements[e].Input, slot.Elements[e].Element);
                var tensor = rows[input];
                var value = tensor.Values.GetValue(r * (tensor.Count / count) + element);
                parts[e] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
            keys[r] = string.Join(' ', parts);
        }
        return keys;
    }

    private static double[] Column(IReadOnlyDictionary<string, TensorData> rows, Gradients.InputElement element)
    {
        var tensor = rows[element.Input];
        var (count, width) = ((int)tensor.Dims[0], tensor.Count / (int)tensor.Dims[0]);
        var values = tensor.ToDoubles();
        return [.. Enumerable.Range(0, count).Select(r => values[r * width + element.Element])];
    }
}
