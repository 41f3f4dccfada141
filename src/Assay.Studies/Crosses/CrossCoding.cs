using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>A feature's values as few levels: ids of their own where they are frequent, one for all others; numbers in bins.</summary>
internal sealed class CrossCoding
{
    private readonly Dictionary<long, int> frequent = [];
    private readonly long vocabulary;

    /// <param name="feature">The feature, one value a row.</param>
    /// <param name="values">The values that decide the levels, those of the rows to fit.</param>
    /// <param name="most">Levels at most.</param>
    /// <exception cref="AssayException">Usage: a list, a vector, or ids without a vocabulary size.</exception>
    public CrossCoding(BoundFeature feature, double[] values, int most)
    {
        Feature = feature;
        if (Refusal(feature) is { } refusal)
            throw AssayException.Usage(refusal);
        if (!feature.Entry.HasIds)
        {
            // The network reads floats, so edges are floats: else a value on an edge would fall on either side.
            Edges = [.. FieldCodes.Edges(values, Math.Min(most, 10)).Select(e => (float)e).Distinct()];
            Levels = Edges.Count + 1;
            return;
        }
        vocabulary = feature.Entry.VocabularySize!.Value;
        var counts = values.CountBy(v => (long)v).ToArray();
        var own = counts.Length <= most ? most : most - 1;
        foreach (var (id, _) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(own))
            frequent[id] = frequent.Count;
        Levels = frequent.Count + 1;
    }

    public BoundFeature Feature { get; }

    /// <summary>Inner edges of the bins of a number; a value equal to an edge lies above it.</summary>
    public IReadOnlyList<float> Edges { get; } = [];
    public int Levels { get; }

    /// <summary>The level of an id, for all ids of the vocabulary.</summary>
    public long[] LevelOfId => [.. Enumerable.Range(0, checked((int)vocabulary)).Select(id => (long)Level(id))];

    public int Level(double value)
    {
        if (Feature.Entry.HasIds)
            return frequent.GetValueOrDefault((long)value, Levels - 1);
        var level = 0;
        foreach (var edge in Edges)
            level += (float)value < edge ? 0 : 1;
        return level;
    }

    public int[] Of(double[] values) => Array.ConvertAll(values, Level);

    /// <summary>A level in the file's terms.</summary>
    public string Label(int level) =>
        Feature.Entry.HasIds
            ? level == Levels - 1
                ? "other"
                : frequent.First(f => f.Value == level).Key.ToString(CultureInfo.InvariantCulture)
            : Edges.Count == 0
                ? "any"
                : level == 0
                    ? FormattableString.Invariant($"below {Edges[0]:G4}")
                    : level == Edges.Count
                        ? FormattableString.Invariant($"from {Edges[^1]:G4}")
                        : FormattableString.Invariant($"{Edges[level - 1]:G4} to {Edges[level]:G4}");

    /// <summary>Why a feature cannot be crossed; null: it can.</summary>
    public static string? Refusal(BoundFeature feature) =>
        feature.Entry.IsList || feature.Elements.Count != 1
            ? $"'{feature.Entry.Name}' has several values a row, and crosses are of single values; name another feature."
        : feature.Entry is { HasIds: true, VocabularySize: null or < 1 }
            ? $"'{feature.Entry.Name}' has ids without a 'vocabulary_size' in the dictionary; add it."
        : null;
}
