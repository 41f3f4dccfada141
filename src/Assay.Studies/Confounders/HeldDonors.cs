using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Donors in the same stratum of a confounder.</summary>
internal static class HeldDonors
{
    /// <summary>
    /// For each row the row whose value it gets; null where the confounder varies within the units of the player, so that
    /// there are no strata of units.
    /// </summary>
    public static int[]? Find(
        StudyPlan plan,
        PreparedReader reader,
        ConfounderDefinition held,
        Player player,
        int repeat
    )
    {
        var units = Units.Of(reader, plan.Level(player));
        var strata = ConfounderCodes.Of(plan, reader, held);
        for (var r = 0; r < strata.Length; r++)
            if (strata[r] != strata[units.First[units.OfRow[r]]])
                return null;
        var stream = StableHash.Combine(StableHash.Of($"held/{held.Name}/{player.Name}"), StableHash.Of((long)repeat));
        var random = new CounterRandom(plan.Study.Seed, stream);
        var donors = new int[units.Count];
        var members = Enumerable.Range(0, units.Count).GroupBy(u => strata[units.First[u]]);
        // In the order in which strata first appear.
        foreach (var stratum in members.Select(m => m.ToArray()))
        {
            var from = random.Permutation(stratum.Length);
            for (var i = 0; i < from.Length; i++)
                donors[stratum[i]] = stratum[from[i]];
        }
        return units.Rows(donors);
    }
}
