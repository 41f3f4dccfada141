namespace Assay.Studies;

/// <summary>Which rows have a feature, by what the dictionary says stands for "missing".</summary>
internal static class Presence
{
    /// <summary>Whether the dictionary names a value that stands for "missing" of any of a player's features.</summary>
    public static bool MayLack(FeatureDictionary dictionary, Player player) =>
        player.Members.Any(m => Absent(dictionary.Features[m]).Length > 0);

    /// <summary>
    /// Rows in which some element of the player is present: an id that is neither padding nor what a missing one becomes, a
    /// number that is not what a missing one becomes.
    /// </summary>
    public static bool[] Of(PreparedReader reader, IReadOnlyList<BoundFeature> features, Player player)
    {
        var present = new bool[reader.Split.Rows];
        foreach (var (feature, element) in player.Elements(features))
        {
            var absent = Absent(feature.Entry);
            for (var g = 0; g < reader.Split.Blocks.Count; g++)
            {
                var values = reader.Values(g, feature, element);
                var start = reader.Split.Blocks[g].Start;
                for (var r = 0; r < values.Length; r++)
                    present[start + r] |= !absent.Contains(values[r]);
            }
        }
        return present;
    }

    private static double[] Absent(FeatureEntry entry)
    {
        var absent = new List<double>();
        if (entry.HasIds && entry.PaddingId is { } padding)
            absent.Add(padding);
        switch (entry.Missing)
        {
            case MissingRule.Oov when entry.OovId is { } oov:
                absent.Add(oov);
                break;
            case MissingRule.Padding when !entry.HasIds:
                absent.Add(0);
                break;
            case MissingRule.Mean when entry.TrainingMean is { } mean:
                absent.Add(mean);
                break;
            case MissingRule.Value:
                absent.Add(entry.MissingValue);
                break;
        }
        return [.. absent];
    }
}
