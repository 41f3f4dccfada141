using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Strata of confounders and of features as codes 0, 1, … of a split's rows.</summary>
internal static class ConfounderCodes
{
    public const int Bins = 20;

    // Rarer ids of a feature count as one where it is crossed with a confounder.
    private const int MostIds = 30;

    /// <summary>The stratum of each row.</summary>
    public static int[] Of(StudyPlan plan, PreparedReader reader, ConfounderDefinition confounder)
    {
        if (confounder.Feature is { } name)
        {
            var feature = plan.Features.First(f => f.Entry.Name == name);
            return Codes(Elements(reader, feature), feature.Entry.HasIds, confounder.Bins ?? Bins);
        }
        var segments = reader.Split.Segments;
        for (var s = 0; s < segments.Count; s++)
            if (segments[s].Dimension == confounder.Dimension)
                return reader.ReadAll<int>(PreparedColumns.Segment(s));
        throw new ArgumentException(confounder.Name);
    }

    /// <summary>A feature's values, numbers in bins, rare ids as one.</summary>
    public static int[] Of(PreparedReader reader, BoundFeature feature)
    {
        var elements = Elements(reader, feature);
        if (!feature.Entry.HasIds)
            return Codes(elements, false, Bins);
        // Of a list the newest entry.
        var newest = elements[feature.Entry.KeepsFirst ? 0 : ^1];
        var frequent = newest
            .CountBy(v => v)
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key)
            .Take(MostIds)
            .Select(c => c.Key)
            .ToHashSet();
        return Numbered(
            Array.ConvertAll(newest, v => frequent.Contains(v) ? unchecked((ulong)(long)v) : ulong.MaxValue)
        );
    }

    public static double[] Binned(double[] values, int bins) =>
        Array.ConvertAll(Coding.MiddleRanks(values), r => Math.Floor(r / values.Length * bins));

    private static int[] Codes(double[][] elements, bool areIds, int bins)
    {
        var keys = new ulong[elements[0].Length];
        foreach (var element in elements)
        {
            var values = areIds ? element : Binned(element, bins);
            for (var r = 0; r < keys.Length; r++)
                keys[r] = StableHash.Combine(keys[r], unchecked((ulong)(long)values[r]));
        }
        return Numbered(keys);
    }

    private static int[] Numbered(ulong[] keys)
    {
        var codes = new Dictionary<ulong, int>();
        return Array.ConvertAll(keys, k => codes.TryGetValue(k, out var code) ? code : codes[k] = codes.Count);
    }

    private static double[][] Elements(PreparedReader reader, BoundFeature feature) =>
        [.. feature.Elements.Select((_, e) => reader.ReadAllValues(feature, e))];
}
