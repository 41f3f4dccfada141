namespace Assay.Studies;

/// <summary>Which rows have a feature, by what the dictionary says stands for "missing" or "unknown".</summary>
internal static class PresenceReader
{
    /// <summary>Whether the dictionary names a value that stands for "missing" of any of a player's features.</summary>
    public static bool MayLack(FeatureDictionary dictionary, Player player) =>
        player.Members.Any(m => Missing(dictionary.Features[m]) is not null || Defaults(dictionary.Features[m]).Any());

    /// <summary>The plan with the features that some row lacks; only these are exchanged among the rows that have them.</summary>
    public static StudyPlan Settled(StudyPlan plan)
    {
        var lacking = new HashSet<string>();
        foreach (var split in plan.Splits)
        {
            using var reader = new PreparedReader(plan, split);
            foreach (var player in Player.Features(plan.Dictionary))
                if (
                    !lacking.Contains(player.Name)
                    && MayLack(plan.Dictionary, player)
                    && Of(reader, plan.Features, player).Any(p => p != Presence.Present)
                )
                    lacking.Add(player.Name);
        }
        return plan with
        {
            Lacking = lacking,
            Exchanges =
            [
                .. plan
                    .Exchanges.Select(e =>
                        e.Donors == DonorKind.Present
                            ? e with
                            {
                                Players = [.. e.Players.Where(p => lacking.Contains(p.Name))],
                            }
                            : e
                    )
                    .Where(e => e.Donors != DonorKind.Present || e.Players.Count > 0),
            ],
        };
    }

    /// <summary>What each row has of a player: an id that is neither padding nor unknown, a number that is not what a missing one becomes.</summary>
    public static Presence[] Of(PreparedReader reader, IReadOnlyList<BoundFeature> features, Player player)
    {
        var found = new Presence[reader.Split.Rows];
        foreach (var (feature, element) in player.Elements(features))
        {
            var missing = Missing(feature.Entry);
            double[] defaults = [.. Defaults(feature.Entry)];
            for (var g = 0; g < reader.Split.Blocks.Count; g++)
            {
                var values = reader.Values(g, feature, element);
                var start = reader.Split.Blocks[g].Start;
                for (var r = 0; r < values.Length; r++)
                {
                    var own =
                        values[r] == missing ? Presence.Missing
                        : defaults.Contains(values[r]) ? Presence.Default
                        : Presence.Present;
                    if (own > found[start + r])
                        found[start + r] = own;
                }
            }
        }
        return found;
    }

    /// <summary>All values that stand for none.</summary>
    public static double[] Absent(FeatureEntry entry) =>
        [.. Missing(entry) is { } missing ? (double[])[missing] : [], .. Defaults(entry)];

    private static double? Missing(FeatureEntry entry) => entry.HasIds ? entry.PaddingId : null;

    private static IEnumerable<double> Defaults(FeatureEntry entry)
    {
        if (entry is { HasIds: true, OovId: { } oov })
            yield return oov;
        switch (entry.Missing)
        {
            case MissingRule.Padding when !entry.HasIds:
                yield return 0;
                break;
            case MissingRule.Mean when entry.TrainingMean is { } mean:
                yield return mean;
                break;
            case MissingRule.Value:
                yield return entry.MissingValue;
                break;
        }
    }
}
