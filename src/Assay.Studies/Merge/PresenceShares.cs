namespace Assay.Studies;

/// <summary>Which rows of a split have a feature, and by segment what share of them; null: the segment is not shown.</summary>
internal sealed record PresenceShares(Presence[] Rows, IReadOnlyList<Bootstrapped?> Coverage)
{
    public bool Has(int row) => Rows[row] == Presence.Present;

    /// <summary>Adds the shares of rows that have, miss or stand in for a feature, by segment.</summary>
    public static PresenceShares Add(
        List<Replicated> results,
        StudyPlan plan,
        SplitData data,
        string head,
        Player player
    )
    {
        using var reader = new PreparedReader(plan, data.Split);
        var rows = PresenceReader.Of(reader, plan.Features, player);
        var mean = new SegmentMean(data, head);
        var coverage = new Bootstrapped?[data.Segments.Count];
        for (var s = 0; s < coverage.Length; s++)
        {
            var segment = data.Segments[s];
            if (!data.IsShown(segment))
                continue;
            Bootstrapped Share(string estimand, Presence counted)
            {
                double[] values = [.. segment.Rows.Select(r => rows[r] == counted ? 1.0 : 0)];
                return mean.Add(results, Estimands.Data, segment, s, estimand, values, tested: false);
            }
            coverage[s] = Share(Estimands.Coverage, Presence.Present);
            Share(Estimands.MissingShare, Presence.Missing);
            Share(Estimands.DefaultShare, Presence.Default);
        }
        return new(rows, coverage);
    }
}
